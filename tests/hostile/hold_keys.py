"""An order that is held, for the routes of the staff who look at it."""

from typing import Any

from tests.factories.holds import make_hold
from tests.isolation.world import World


def _hold(world: World, *_: Any) -> int:
    return make_hold(world.own).pk


KEYS: dict[tuple[str, str], Any] = {
    **{(f"billing:staff_hold{name}", "hold_id"): _hold for name in ("", "_send", "_release", "_refuse")},
    ("billing:staff_hold_rule", "kind"): lambda *_: "amount",
}
