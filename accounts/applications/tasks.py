"""What follows from events about applications: security mails (ACC-11)."""

from typing import Any

from accounts.applications.models import ApplicationKind, OAuthConsent
from accounts.tokens.scopes import Scope
from accounts.users.emails import queue_mail_to
from accounts.users.models import User
from manager.kit.errors import Text
from manager.outbox.models import OutboxEvent


def email_application_authorized(event: OutboxEvent) -> None:
    """Tell the person that an application may act for him or her, and what it may do."""
    consent = (
        OAuthConsent.objects.select_related("user", "application", "application__user")
        .filter(pk=event.payload["consent"])
        .first()
    )
    if consent is not None:
        queue_mail_to(
            consent.user,
            template="application_authorized",
            event=event,
            application=consent.application,
            scopes=_labels(event.payload["added"]),
            everywhere=consent.bound_organization_id is None,
        )


def email_application_registered(event: OutboxEvent) -> None:
    """Tell the owner of a new application, what it is, and what it may do or ask for."""
    kind = ApplicationKind(event.payload["kind"])
    _email_owner(
        event,
        "application_registered",
        kind=kind.label,
        is_service=kind == ApplicationKind.SERVICE,
        scopes=_labels(event.payload["scopes"]),
    )


def email_application_changed(event: OutboxEvent) -> None:
    """Tell the owner what an application may do in addition, and where else it may send people."""
    added, addresses = event.payload["added"], event.payload["addresses"]
    if added or addresses:
        _email_owner(event, "application_changed", scopes=_labels(added), addresses=addresses)


def email_application_secret_rotated(event: OutboxEvent) -> None:
    """Tell the owner that an application has a new secret."""
    _email_owner(event, "application_secret_rotated")


def email_application_deleted(event: OutboxEvent) -> None:
    """Tell the owner that an application is gone, with all that people allowed it."""
    _email_owner(event, "application_deleted")


def _email_owner(event: OutboxEvent, template: str, **context: Any) -> None:
    """Write from the event alone: the application may be deleted by now."""
    owner = User.objects.filter(pk=event.payload["user"], closed_at=None).first()
    if owner is not None:
        queue_mail_to(owner, template=template, event=event, name=event.payload["name"], **context)


def _labels(scopes: list[str]) -> list[Text]:
    return [Scope(scope).label for scope in scopes]
