"""A code and a free credit for the hostile input at the back office's pages of promotions."""

from typing import Any

from tests.factories.products import make_plan
from tests.factories.promotions import give_credit, make_code
from tests.isolation.world import World


def _code(*_: Any) -> int:
    return make_code().pk


def _credit(world: World, *_: Any) -> int:
    return give_credit(world.own, make_plan()).pk


KEYS: dict[tuple[str, str], Any] = {
    **{(f"billing:staff_promotion{act}", "code_id"): _code for act in ("", "_edit", "_close")},
    ("billing:staff_credit_withdraw", "credit_id"): _credit,
}
