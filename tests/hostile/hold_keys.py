"""An order that is held, for the routes of the staff who look at it."""

from typing import Any

from tests.factories.cast import make_tenant
from tests.factories.holds import make_hold


def _hold(*_: Any) -> int:
    # Its order empties the cart, which others of the walk need.
    return make_hold(make_tenant()).pk


KEYS: dict[tuple[str, str], Any] = {
    **{(f"billing:staff_hold{name}", "hold_id"): _hold for name in ("", "_send", "_release", "_refuse")},
    ("billing:staff_hold_rule", "kind"): lambda *_: "amount",
}
