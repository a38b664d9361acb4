"""What follows from events of a termination: mails."""

from accounts.users.models import User
from manager.outbox.models import OutboxEvent
from products.termination.emails import mail_done, mail_link
from products.termination.models import Termination
from products.termination.status import TerminationStatus


def _find(event: OutboxEvent) -> Termination | None:
    return (
        Termination.objects.select_related("organization", "asked_by")
        .filter(organization_id=event.organization_id, pk=event.payload["termination"])
        .first()
    )


def email_link(event: OutboxEvent) -> None:
    """On `termination.asked`: mail the link, unless the wish was withdrawn meanwhile."""
    wish = _find(event)
    if wish is not None and wish.status == TerminationStatus.ASKED:
        mail_link(termination=wish, dedupe_key=str(event.pk), at=event.created_at)


def email_done(event: OutboxEvent) -> None:
    """On `termination.confirmed`: tell who leads the organization."""
    wish = _find(event)
    if wish is not None:
        by = User.objects.filter(pk=event.payload.get("by")).first()
        mail_done(termination=wish, by=by, dedupe_key=str(event.pk), at=event.created_at)
