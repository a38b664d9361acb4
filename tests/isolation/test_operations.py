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


def test_a_token_of_one_scope_opens_the_operations_of_that_scope_alone():
    """API-2: each operation with each scope; past the scope, an organization is missing to a stranger."""
    world, report = build_world(), Report()
    client = world.client("anonymous")
    routes = {route.name: route for route in walk_routes()}
    wanted = {
        (name, method): scope for name, line in OWN_OPERATIONS.items() for method, scope in line.items()
    }
    wanted |= {(name, m): scope for name, line in OPERATIONS.items() for m, (_right, scope) in line.items()}
    tokens = {scope: world.token("stranger", scopes=(scope,)) for scope in Scope.values}
    for (name, method), needed in wanted.items():
        route = routes[f"api-1:{name}"]
        path = route.address(dict.fromkeys(route.parameters, MISSING_ID) | {"organization": world.own.pk})
        # Past the guard: an empty body is refused where one is needed.
        expected = {key: {403} for key in Scope.values} | {None: {401}}
        expected[needed] = {404} if route.parameters else {200, 409, 422}
        for scope, statuses in expected.items():
            headers = {"Authorization": f"Bearer {tokens[scope]}"} if scope else {}
            response = client.generic(method, path, b"{}", content_type="application/json", headers=headers)
            ok = response.status_code in statuses and OWN not in response.content.decode().lower()
            if response.status_code == 403:
                ok = ok and f'insufficient_scope", scope="{needed}"' in response["WWW-Authenticate"]
            report.judge(ok, f"{scope} alone, {method} {name}: {response.status_code}, not {statuses}")
    report.close("tokens of one scope", at_least=1000)
