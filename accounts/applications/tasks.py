"""What follows from events about applications: security mails (ACC-11)."""

from accounts.applications.models import OAuthConsent
from accounts.tokens.scopes import Scope
from accounts.users.emails import queue_mail_to
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
            scopes=[Scope(scope).label for scope in event.payload["added"]],
            everywhere=consent.bound_organization_id is None,
        )
