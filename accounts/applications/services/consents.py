"""Verbs of what people allow applications (ACC-16)."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from accounts.applications.models import (
    OAuthAccessToken,
    OAuthApplication,
    OAuthCode,
    OAuthConsent,
    OAuthRefreshToken,
)
from accounts.tokens.selectors import list_organizations_to_bind
from accounts.users.history import publish_security_event
from accounts.users.models import User
from manager.kit.actor import Actor
from manager.kit.errors import NotFound


@transaction.atomic
def authorize_application(
    *,
    user: User,
    application: OAuthApplication,
    scopes: Sequence[str],
    organization_id: int | None,
    actor: Actor,
    at: datetime,
) -> OAuthConsent:
    """Note what the person allows the application, in one organization or (None) in all.

    What was allowed there before stays allowed. The person hears of a first consent and of a wider one,
    not of each repetition.

    :raises NotFound: the person is no member of that organization.
    """
    User.objects.select_for_update().get(pk=user.pk)
    if organization_id is not None and organization_id not in list_organizations_to_bind(user=user):
        raise NotFound
    consent = OAuthConsent.objects.filter(
        user=user, application=application, bound_organization_id=organization_id, revoked_at=None
    ).first()
    if consent is None:
        consent = OAuthConsent(
            user=user,
            application=application,
            bound_organization_id=organization_id,
            scopes=[],
            created_at=at,
        )
    added = sorted(set(scopes) - set(consent.scopes))
    consent.scopes = sorted({*consent.scopes, *scopes})
    consent.confirmed_at = at
    consent.save()
    if added:
        facts = {"consent": consent.pk, "added": added}
        named = {"name": application.name}
        publish_security_event(
            "user.application_authorized", user=user, actor=actor, at=at, details=named, **facts
        )
    return consent


@transaction.atomic
def revoke_consent(*, consent: OAuthConsent, actor: Actor, at: datetime) -> OAuthConsent:
    """Take back what was allowed: its codes, access and refresh tokens end at once."""
    if not OAuthConsent.objects.filter(pk=consent.pk, revoked_at=None).update(revoked_at=at):
        return consent
    consent.revoked_at = at
    OAuthCode.objects.filter(consent=consent).delete()
    OAuthRefreshToken.objects.filter(consent=consent).delete()
    OAuthAccessToken.objects.filter(consent=consent).delete()
    named = {"name": consent.application.name}
    publish_security_event(
        "user.application_revoked", user=consent.user, actor=actor, at=at, details=named, consent=consent.pk
    )
    return consent
