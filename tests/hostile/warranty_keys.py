"""A domain under warranty whose owner is to be reached, for the routes of the staff who do it."""

from typing import Any

from tests.factories.warranty import open_warranty_case
from tests.isolation.world import World


def _case(world: World, *_: Any) -> int:
    return open_warranty_case(world.own).pk


KEYS: dict[tuple[str, str], Any] = {
    **{(f"products:staff_warranty_{name}", "case_id"): _case for name in ("case", "contact", "renew")},
    ("products:staff_warranty_contact", "means"): lambda *_: "phone",
}
