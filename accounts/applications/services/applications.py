"""Verbs of a developer's applications (ACC-16)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from oauth2_provider.generators import generate_client_id

from accounts.applications.addresses import check_addresses
from accounts.applications.models import ApplicationKind, OAuthAccessToken, OAuthApplication
from accounts.tokens.scopes import Scope
from accounts.tokens.secrets import CLIENT, make_token
from accounts.tokens.selectors import list_organizations_to_bind
from accounts.users.history import publish_security_event
from accounts.users.models import User
from manager.kit.actor import Actor
from manager.kit.errors import DomainError, NotFound
from manager.kit.tokens import hash_secret

MOST_APPLICATIONS = 25


class InvalidApplication(DomainError):
    """The application asked for cannot be: no scope, an unknown one, or a service without organization."""

    code = "invalid_application"
    status = 422


class TooManyApplications(DomainError):
    """The person has as many applications as one may have."""

    code = "too_many_applications"
    message = _("You have reached the limit of applications. Please delete one that you no longer need.")


@transaction.atomic
def register_application(
    *,
    user: User,
    name: str,
    kind: ApplicationKind,
    redirect_addresses: Sequence[str],
    scopes: Sequence[str],
    organization_id: int | None,
    actor: Actor,
    at: datetime,
) -> tuple[OAuthApplication, str]:
    """Make an application and return it with its secret, which is shown once and stored hashed only.

    A native application cannot keep a secret and gets none. A service acts for its owner in one of his
    or her organizations; the others ask each person.

    :raises InvalidApplication: see there.
    :raises InvalidAddress: a redirect address may not be used.
    :raises NotFound: the owner is no member of that organization.
    :raises TooManyApplications: see there.
    """
    service = kind == ApplicationKind.SERVICE
    _check_scopes(scopes)
    if service and organization_id is None:
        raise InvalidApplication(
            _("Choose the organization in which the service acts."), field="organization"
        )
    if service and redirect_addresses:
        raise InvalidApplication(
            _("A service sends nobody back: leave this empty."), field="redirect_addresses"
        )
    User.objects.select_for_update().get(pk=user.pk)
    if service and organization_id not in list_organizations_to_bind(user=user):
        raise NotFound
    if OAuthApplication.objects.filter(user=user).count() >= MOST_APPLICATIONS:
        raise TooManyApplications
    secret = "" if kind == ApplicationKind.NATIVE else make_token(CLIENT)
    application = OAuthApplication.objects.create(
        user=user,
        name=name,
        kind=kind,
        client_id=generate_client_id(),
        client_type=OAuthApplication.CLIENT_CONFIDENTIAL if secret else OAuthApplication.CLIENT_PUBLIC,
        authorization_grant_type=(
            OAuthApplication.GRANT_CLIENT_CREDENTIALS
            if service
            else OAuthApplication.GRANT_AUTHORIZATION_CODE
        ),
        redirect_uris="" if service else "\n".join(check_addresses(list(redirect_addresses))),
        scopes=sorted(set(scopes)),
        bound_organization_id=organization_id if service else None,
        client_secret=hash_secret(secret) if secret else "",
        secret_made_at=at if secret else None,
    )
    facts = {"kind": application.kind, "scopes": application.scopes}
    _tell("user.application_registered", application, actor=actor, at=at, **facts)
    return application, secret


@transaction.atomic
def change_application(
    *,
    application: OAuthApplication,
    name: str,
    redirect_addresses: Sequence[str],
    scopes: Sequence[str],
    actor: Actor,
    at: datetime,
) -> OAuthApplication:
    """Change name, redirect addresses and scopes. What people allowed before stays as they allowed it.

    A service's access tokens end where it loses a scope: nobody else would take it from them. The owner
    hears of scopes and addresses that were added; a change of nothing tells nothing.

    :raises InvalidApplication: no scope, or an unknown one.
    :raises InvalidAddress: a redirect address may not be used.
    """
    _check_scopes(scopes)
    locked = OAuthApplication.objects.select_for_update().get(pk=application.pk)
    before = (locked.name, list(locked.scopes), locked.addresses)
    locked.name = name
    locked.scopes = sorted(set(scopes))
    if not locked.is_service:
        locked.redirect_uris = "\n".join(check_addresses(list(redirect_addresses)))
    locked.save(update_fields=["name", "scopes", "redirect_uris", "updated"])
    if locked.is_service and set(before[1]) - set(scopes):
        OAuthAccessToken.objects.filter(application=locked).delete()
    if (locked.name, locked.scopes, locked.addresses) != before:
        added = sorted(set(locked.scopes) - set(before[1]))
        addresses = [address for address in locked.addresses if address not in before[2]]
        _tell("user.application_changed", locked, actor=actor, at=at, added=added, addresses=addresses)
    return locked


@transaction.atomic
def rotate_secret(*, application: OAuthApplication, actor: Actor, at: datetime) -> str:
    """Give the application a new secret and return it; the one before ends at once.

    Tokens that it already holds go on, but cannot be renewed without the new secret.

    :raises InvalidApplication: it is of a kind that cannot keep a secret.
    """
    locked = OAuthApplication.objects.select_for_update().get(pk=application.pk)
    if locked.kind == ApplicationKind.NATIVE:
        raise InvalidApplication(_("An app on a device has no secret."))
    secret = make_token(CLIENT)
    locked.client_secret = hash_secret(secret)
    locked.secret_made_at = at
    locked.save(update_fields=["client_secret", "secret_made_at", "updated"])
    _tell("user.application_secret_rotated", locked, actor=actor, at=at)
    return secret


@transaction.atomic
def delete_application(*, application: OAuthApplication, actor: Actor, at: datetime) -> None:
    """Delete the application with all consents and tokens: it stops working everywhere at once."""
    deleted, _rows = OAuthApplication.objects.filter(pk=application.pk).delete()
    if deleted:
        _tell("user.application_deleted", application, actor=actor, at=at)


def _check_scopes(scopes: Sequence[str]) -> None:
    if not scopes or set(scopes) - set(Scope.values):
        raise InvalidApplication(_("Choose what the application may ask for."), field="scopes")


def _tell(event: str, application: OAuthApplication, *, actor: Actor, at: datetime, **facts: Any) -> None:
    """Note it in the owner's history, and publish it with the name, which outlives the row."""
    if application.user is None:  # the library lets an application be nobody's; here none is
        return
    facts |= {"application": application.pk, "name": application.name}
    named = {"name": application.name}
    publish_security_event(event, user=application.user, actor=actor, at=at, details=named, **facts)
