"""Pages of a person, and pages open to everybody (ORG-17, INC-2)."""

import pytest

from accounts.sessions.models import Session
from accounts.tokens.scopes import Scope
from tests.factories.identity import open_for
from tests.factories.oauth import make_application, make_consent
from tests.isolation.expectations import PERSONAL, PUBLIC
from tests.isolation.matrix import Report, plain, walk_routes
from tests.isolation.world import FOREIGN, MISSING_ID, OWN, build_world, make_token

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
    for name, methods in PERSONAL.items():
        route = routes[name]
        for method in methods:
            send = {"GET": "get", "POST": "post"}[method]
            path = route.address(theirs)
            answer = getattr(world.client("anonymous"), send)(path)
            ok = answer.status_code == 302 and answer["Location"].startswith("/sign-in/")
            report.judge(ok, f"anonymous {method} {path}: {answer.status_code}")
            other = getattr(world.client("stranger"), send)(path)
            status, text = plain(other, path)
            leaks = OWN in text.lower()
            if route.parameters:
                missing = route.address(dict.fromkeys(route.parameters, MISSING_ID))
                same = plain(getattr(world.client("stranger"), send)(missing), missing) == (status, text)
                report.judge(same and status == 404, f"stranger {method} {path}: {status}")
            report.judge(status < 500 and not leaks, f"stranger {method} {path}: {status}{' leaks' * leaks}")
    report.close("pages of a person")


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
