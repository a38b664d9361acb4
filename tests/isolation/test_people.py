"""Pages of a person, and pages open to everybody (ORG-17, INC-2)."""

import io
from collections.abc import Iterator
from typing import Any

import pytest
from django_otp.plugins.otp_totp.models import TOTPDevice
from PIL import Image

from accounts.profile.services import set_avatar
from accounts.recovery.models import AddressKind
from accounts.recovery.secrets import Purpose, change_key
from accounts.recovery.services.changes import open_change
from accounts.sessions.models import Device, Session
from accounts.sessions.sudo import PROVED, PROVED_BY_FACTOR
from accounts.tokens.scopes import Scope
from accounts.users.models import User
from tests.factories.cast import make_person
from tests.factories.identity import open_for
from tests.factories.oauth import make_application, make_consent
from tests.factories.people import present, visitor
from tests.isolation.expectations import PERSONAL, PUBLIC
from tests.isolation.matrix import Report, Route, plain, walk_routes
from tests.isolation.world import FOREIGN, MISSING_ID, OWN, World, build_world, make_token

KEYED = {
    "accounts:login_change_confirm": AddressKind.LOGIN,
    "accounts:recovery_email_confirm": AddressKind.RECOVERY,
}
pytestmark = pytest.mark.usefixtures("quiet")


def test_pages_of_a_person_ask_to_sign_in_and_show_the_own_alone():
    """INC-2: another person's session, factor or token is a missing one, with a fresh proof and without."""
    world, report = build_world(), Report()
    routes = {route.name: route for route in walk_routes()}
    world.people["proved"] = make_person(f"{FOREIGN.title()} Proved")
    for who in ("stranger", "proved", "LR+"):
        world.client(who).get("/")
    session = world.client("proved").session
    session.update({PROVED: present().timestamp(), PROVED_BY_FACTOR: present().timestamp()})
    session.save()
    theirs = _objects_of(world.people["LR+"])
    keys = _change_keys(world.people["LR+"])
    for name, methods in PERSONAL.items():
        route = routes[name]
        theirs["key"] = keys.get(name, "made-up")
        for method in methods:
            path = route.address(theirs)
            answer = getattr(world.client("anonymous"), method.lower())(path)
            ok = answer.status_code == 302 and answer["Location"].startswith("/sign-in/")
            report.judge(ok, f"anonymous {method} {path}: {answer.status_code}")
            for who in ("stranger", "proved"):
                for ok, case in _reach(world, who, route, method, path):
                    report.judge(ok, case)
    report.close("pages of a person", at_least=200)


def _objects_of(user: User) -> dict[str, Any]:
    """Return what a person has, by the names that addresses have for it."""
    factor = TOTPDevice.objects.create(user=user, name=f"{OWN.title()} phone", confirmed=True)
    picture = io.BytesIO()
    Image.new("RGB", (9, 9), "#2a6f4e").save(picture, "PNG")
    set_avatar(user=user, data=picture.getvalue(), actor=visitor(), at=present())
    return {
        "case_id": open_for(user).pk,
        "token_id": make_token(user, scopes=tuple(Scope.values))[0].pk,
        "application_id": make_application(user)[0].pk,
        "consent_id": make_consent(user).pk,
        "session_id": Session.objects.filter(user=user).values_list("pk", flat=True).first(),
        "device_id": Device.objects.create(
            user=user,
            secret_hash="x",
            first_seen_at=present(),
            last_seen_at=present(),
            remembered_until=present(),
        ).pk,
        "kind": "totp",
        "factor_id": factor.pk,
        # The address of a picture is its secret: who was shown it may see it, and it cannot be guessed.
        "digest": "made-up",
    }


def _reach(world: World, who: str, route: Route, method: str, path: str) -> Iterator[tuple[bool, str]]:
    """Ask for somebody else's object: the answer is that to a missing one, and says nothing of the other."""
    client = world.client(who)
    client.get("/profile/")  # shows the notices of the buttons before
    answer = getattr(client, method.lower())(path)
    status, text = plain(answer, path)
    leaks = OWN in text.lower()
    yield status < 500 and not leaks, f"{who} {method} {path}: {status}{' leaks' * leaks}"
    if route.parameters:
        missing = route.address({**dict.fromkeys(route.parameters, MISSING_ID), "kind": "totp"})
        same = plain(getattr(client, method.lower())(missing), missing) == (status, text)
        # Before the object is looked up a sensitive page may ask who is there.
        asks = who == "stranger" and status == 302 and answer["Location"].startswith("/profile/security/")
        yield same and (status == 404 or asks), f"{who} {method} {path}: {status}, same as missing: {same}"


def _change_keys(user: User) -> dict[str, str]:
    """Return the keys of the mailed links of a person's changes that wait, by the route."""
    found = {}
    for name, kind in KEYED.items():
        address = f"{kind}@wanted.example"
        change = open_change(user=user, kind=kind, address=address, actor=visitor(), at=present())
        found[name] = change_key(change, Purpose.CONFIRM)
    return found


def test_public_pages_show_nothing_of_anybody():
    """INC-6: made-up keys open nothing."""
    world, report = build_world(), Report()
    routes = {route.name: route for route in walk_routes()}
    for name, methods in PUBLIC.items():
        route = routes[name]
        keys = [f"{world.own.pk}-made-up", "made-up", str(world.own.pk)] if route.parameters else [""]
        keys = [str(MISSING_ID)] if route.numbers else keys
        for method, status in methods.items():
            for key in keys:
                path = route.address(dict.fromkeys(route.parameters, key))
                send = {"GET": "get", "POST": "post"}[method]
                answer = getattr(world.client("anonymous"), send)(path)
                text = plain(answer, path)[1].lower()
                leaks = OWN in text or FOREIGN in text
                ok = answer.status_code == status and not leaks
                report.judge(ok, f"{method} {path}: {answer.status_code}, not {status}{' leaks' * leaks}")
    report.close("people")
