"""Links of identity checks at each of their steps, and staff who have come in, for the hostile input."""

from typing import Any

from accounts.identity.services import approve_case, make_result, send_code
from accounts.identity.steps import PROVED
from accounts.sessions.staff import list_rights
from organizations.profile.models import Organization
from tests.factories.identity import (
    NUMBER,
    make_staff,
    open_for,
    photograph,
    staff_actor,
    staff_client,
    submitted,
    token,
)
from tests.factories.people import browser, present, register, visitor
from tests.isolation.expectations import STAFF
from tests.isolation.world import World

# Who sends: the browser that gave the code, and staff with every right.
STEPS = {
    **dict.fromkeys(STAFF, "staff"),
    "accounts:identity_document": "phone",
    "accounts:identity_photo": "phone",
    "accounts:identity_send": "phone",
}


def bring_staff(world: World) -> None:
    """Add a member of the staff who has come in, and a phone."""
    world.people["staff"] = make_staff(*list_rights())
    world.clients["staff"] = staff_client(world.people["staff"])
    world.clients["phone"] = browser()
    for who in ("staff", "phone"):
        world.clients[who].raise_request_exception = False


def _link(*_: Any) -> str:
    return token(open_for(None))


def _link_with_code(*_: Any) -> str:
    return token(send_code(case=open_for(None), phone=NUMBER, actor=visitor(), at=present()))


def _proved_link(world: World, *_: Any) -> str:
    case = photograph(open_for(None))
    client = world.client("phone")
    session = client.session
    session[PROVED] = case.pk
    session.save()
    return token(case)


def _result(*_: Any) -> str:
    case = approve_case(case=submitted(), actor=staff_actor(make_staff()), at=present())
    return make_result(case_id=case.pk, at=present())


def _own_case(world: World, organization: Organization, made: dict[str, Any]) -> int:
    return int(open_for(world.people["LR+"]).pk)


def _waiting_case(*_: Any) -> int:
    return int(submitted(register()).pk)


KEYS: dict[tuple[str, str], Any] = {
    **{(f"accounts:identity_{name}", "token"): _link for name in ("phone_entry", "wait", "state", "phone")},
    ("accounts:identity_code", "token"): _link_with_code,
    **{(f"accounts:identity_{name}", "token"): _proved_link for name in ("document", "photo", "send")},
    ("accounts:identity_photo", "page"): lambda *_: "passport",
    ("accounts:identity_result", "secret"): _result,
    ("accounts:identity_withdraw", "case_id"): _own_case,
    **{
        (f"accounts:staff_identity_{name}", "case_id"): _waiting_case
        for name in ("case", "approve", "refuse", "stop", "image")
    },
    ("accounts:staff_identity_image", "page"): lambda *_: "selfie",
}
