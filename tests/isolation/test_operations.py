"""The isolation matrix of the API (ORG-17, API-2, INC-4): tokens of all people, scopes and kinds."""

from collections import defaultdict
from collections.abc import Iterable
from contextlib import nullcontext
from datetime import timedelta

import psycopg
import pytest
from django.urls import resolve

from accounts.applications.models import OAuthAccessToken
from accounts.applications.services import revoke_consent
from accounts.sessions.sudo import PROVED, PROVED_BY_FACTOR
from accounts.tokens.scopes import Scope
from accounts.tokens.services import revoke_token
from manager.kit.clock import now
from organizations.profile.models import Organization
from tests.factories.cast import make_tenant
from tests.factories.members import actor_of
from tests.factories.oauth import code_for, make_application, take_tokens
from tests.isolation.expectations import OPERATIONS, OWN_OPERATIONS
from tests.isolation.matrix import OperationPlayer, Report, Target, orm_filter_switched_off, walk_routes
from tests.isolation.world import MISSING_ID, OWN, World, build_world, make_token

pytestmark = pytest.mark.usefixtures("quiet", "psp", "unlimited")
SPELLINGS = ("api-1", "api")
# Stands for every parameter of an address.
ANYTHING = defaultdict(lambda: MISSING_ID)
MODES = ["as it is", "with row-level security alone"]


def test_both_spellings_of_an_address_are_one_operation():
    """API-1: without a number the latest version answers, by the same view; so the matrix plays it once."""
    routes = {route.name: route for route in walk_routes()}
    for name in OPERATIONS | OWN_OPERATIONS:
        found = [resolve(routes[f"{spelling}:{name}"].address(ANYTHING)) for spelling in SPELLINGS]
        numbered, bare = found
        assert numbered.func.view_class is bare.func.view_class
        assert numbered.kwargs == bare.kwargs


@pytest.mark.parametrize("mode", MODES)
def test_operations_leak_nothing(mode, superuser_connection: psycopg.Connection):
    """ORG-17"""
    world, report = build_world(), Report()
    alone = mode != "as it is"
    player = OperationPlayer(world, superuser_connection, report, in_turn=alone)
    routes = {route.name: route for route in walk_routes()}
    with orm_filter_switched_off() if alone else nullcontext():
        for name, line in OPERATIONS.items():
            player.play(routes[f"api-1:{name}"], {method: right for method, (right, _) in line.items()})
    report.close(f"operations, {mode}", at_least=500)


def test_tokens_reach_no_further_than_their_kind(superuser_connection: psycopg.Connection):
    """INC-4: without the scope, bound elsewhere, expired, revoked, made up."""
    world, report = build_world(), Report()
    player = OperationPlayer(world, superuser_connection, report)
    person = world.people["LR+"]
    elsewhere = make_tenant(person, name="Third AG")
    every = tuple(Scope.values)
    revoked, revoked_secret = make_token(person, scopes=every)
    revoke_token(token=revoked, actor=actor_of(person), at=now())
    bad = {
        "revoked": (revoked_secret, 401),
        "expired": (make_token(person, scopes=every, at=now() - timedelta(days=31))[1], 401),
        "bound elsewhere": (world.token("LR+", bound=elsewhere.pk), 404),
        "made up": ("mgr_" + "0" * 46, 401),
        **_bad_access_tokens(world, elsewhere),
    }
    good = {scope: _access_token(world, set(every) - {scope}) for scope in every}
    routes = {route.name: route for route in walk_routes()}
    for name, line in OPERATIONS.items():
        route = routes[f"api-1:{name}"]
        values = Target(world, route, world.own, world.own).values()
        for method, (_right, scope) in line.items():
            others = tuple(value for value in every if value != scope)
            cases = {
                **bad,
                "without the scope": (world.token("LR+", scopes=others), 403),
                "application without the scope": (good[scope], 403),
            }
            for kind, (secret, status) in cases.items():
                headers = {"Authorization": f"Bearer {secret}"}
                response, path = player.send_with(headers, method, route, values)
                ok = response.status_code == status and OWN not in response.content.decode().lower()
                report.judge(ok, f"{kind} {method} {path}: {response.status_code}")
    report.close("kinds of tokens", at_least=500)


def _access_token(world: World, scopes: Iterable[str], organization: str = "all") -> str:
    """Return an access token that LR+ gave an application of the stranger."""
    application, secret = make_application(
        world.people["stranger"], name=f"Robot {len(world.tokens)}", scopes=sorted(scopes)
    )
    world.tokens[application.name] = secret
    code = code_for(world.client("LR+"), application, organization, scope=" ".join(sorted(scopes)))
    return str(take_tokens(application, secret, code).json()["access_token"])


def _bad_access_tokens(world: World, elsewhere: Organization) -> dict[str, tuple[str, int]]:
    """Return access tokens of LR+ that reach nothing in the own organization, and how they are answered."""
    session = world.client("LR+").session
    session.update({PROVED: now().timestamp(), PROVED_BY_FACTOR: now().timestamp()})
    session.save()
    expired, revoked = _access_token(world, Scope.values), _access_token(world, Scope.values)
    tokens = OAuthAccessToken.objects.order_by("-pk")
    revoke_consent(consent=tokens[0].consent, actor=actor_of(world.people["LR+"]), at=now())
    OAuthAccessToken.objects.update(expires=now() - timedelta(minutes=1))
    bound = _access_token(world, Scope.values, str(elsewhere.pk))
    return {
        "application, revoked": (revoked, 401),
        "application, expired": (expired, 401),
        "application, bound elsewhere": (bound, 404),
    }


def test_operations_of_a_person_need_the_scope():
    """API-2"""
    world, report = build_world(), Report()
    client, every = world.client("anonymous"), tuple(Scope.values)
    routes = {route.name: route for route in walk_routes()}
    for name, line in OWN_OPERATIONS.items():
        route = routes[f"api-1:{name}"]
        path = route.address(dict.fromkeys(route.parameters, MISSING_ID))
        for method, scope in line.items():
            cases = {
                None: {401},
                world.token("stranger", scopes=tuple(v for v in every if v != scope)): {403},
                # Past the guard: an empty body is refused where one is needed.
                world.token("stranger"): {404} if route.parameters else {200, 204, 409, 422},
            }
            for secret, expected in cases.items():
                headers = {"Authorization": f"Bearer {secret}"} if secret else {}
                response = client.generic(
                    method, path, b"{}", content_type="application/json", headers=headers
                )
                ok = response.status_code in expected and OWN not in response.content.decode().lower()
                report.judge(ok, f"{method} {path}: {response.status_code}, not {expected}")
    report.close("people")
