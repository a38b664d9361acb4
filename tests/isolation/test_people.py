"""Pages of a person, and pages open to everybody (ORG-17, INC-2)."""

import pytest
from django.db import transaction

from accounts.recovery.models import AddressKind
from accounts.recovery.secrets import Purpose, change_key
from accounts.recovery.services.changes import open_change
from accounts.sessions.models import Session
from accounts.tokens.scopes import Scope
from accounts.users.models import User
from tests.factories.identity import open_for
from tests.factories.oauth import make_application, make_consent
from tests.factories.people import present, visitor
from tests.isolation.expectations import PERSONAL, PUBLIC
from tests.isolation.matrix import Report, plain, walk_routes
from tests.isolation.world import FOREIGN, MISSING_ID, OWN, build_world, make_token

KEYED = {
    "accounts:login_change_confirm": AddressKind.LOGIN,
    "accounts:recovery_email_confirm": AddressKind.RECOVERY,
}
pytestmark = pytest.mark.usefixtures("quiet")


def test_pages_of_a_person_ask_to_sign_in_and_show_the_own_alone():
    """INC-2: another person's session or token is a missing one."""
    world, report = build_world(), Report()
    routes = {route.name: route for route in walk_routes()}
    for who in ("stranger", "LR+"):
        world.client(who).get("/")
    theirs = {
        "case_id": open_for(world.people["LR+"]).pk,
        "token_id": make_token(world.people["LR+"], scopes=tuple(Scope.values))[0].pk,
        "application_id": make_application(world.people["LR+"])[0].pk,
        "consent_id": make_consent(world.people["LR+"]).pk,
        "session_id": Session.objects.filter(user=world.people["LR+"]).values_list("pk", flat=True).first(),
    }
    keys = _change_keys(world.people["LR+"])
    for name, methods in PERSONAL.items():
        route = routes[name]
        theirs["key"] = keys.get(name, "made-up")
        for method in methods:
            send = {"GET": "get", "POST": "post"}[method]
            path = route.address(theirs)
            answer = getattr(world.client("anonymous"), send)(path)
            ok = answer.status_code == 302 and answer["Location"].startswith("/sign-in/")
            report.judge(ok, f"anonymous {method} {path}: {answer.status_code}")
            world.client("stranger").get("/profile/")  # shows the notices of the buttons before
            other = getattr(world.client("stranger"), send)(path)
            status, text = plain(other, path)
            leaks = OWN in text.lower()
            if route.parameters:
                missing = route.address(dict.fromkeys(route.parameters, MISSING_ID))
                same = plain(getattr(world.client("stranger"), send)(missing), missing) == (status, text)
                report.judge(same and status == 404, f"stranger {method} {path}: {status}")
            report.judge(status < 500 and not leaks, f"stranger {method} {path}: {status}{' leaks' * leaks}")
    report.close("pages of a person")


def _change_keys(user: User) -> dict[str, str]:
    """Return the keys of the mailed links of a person's changes that wait, by the route."""
    found = {}
    for name, kind in KEYED.items():
        wish = {"address": f"{kind}@wanted.example", "old_address": user.email}
        with transaction.atomic():
            change = open_change(user=user, kind=kind, **wish, actor=visitor(), at=present())
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
