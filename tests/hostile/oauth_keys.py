"""Tokens, applications and consents that addresses name, for the hostile input."""

from typing import Any

from accounts.applications.models import OAuthApplication
from accounts.tokens.scopes import Scope
from organizations.profile.models import Organization
from tests.factories.oauth import make_application, make_consent
from tests.isolation.world import World, make_token

Made = dict[str, Any]


def _token(world: World, organization: Organization, made: Made) -> int:
    return int(make_token(world.people["LR+"], scopes=tuple(Scope.values))[0].pk)


def _application(world: World, organization: Organization, made: Made) -> int:
    _make_room(world)
    return int(make_application(world.people["LR+"])[0].pk)


def _consent(world: World, organization: Organization, made: Made) -> int:
    _make_room(world)
    return int(make_consent(world.people["LR+"]).pk)


def _make_room(world: World) -> None:
    """Stay below the number of applications that one may have."""
    OAuthApplication.objects.filter(user=world.people["LR+"]).delete()


KEYS: dict[tuple[str, str], Any] = {
    **{
        (route, "token_id"): _token
        for route in (
            "accounts:token",
            "accounts:token_change",
            "accounts:token_rotate",
            "accounts:token_revoke",
            "api:token",
            "api:token_use",
        )
    },
    **{
        (route, "application_id"): _application
        for route in (
            "accounts:application",
            "accounts:application_change",
            "accounts:application_secret",
            "accounts:application_delete",
            "api:own_application",
            "api:own_application_use",
        )
    },
    **{
        (route, "consent_id"): _consent
        for route in ("accounts:consent", "accounts:consent_revoke", "api:application", "api:application_use")
    },
}
