"""What follows from events of a termination: mails."""

from accounts.users.models import User
from manager.outbox.models import OutboxEvent
from products.inventory.models import Product
from products.inventory.status import ProductStatus
from products.termination.emails import mail_done, mail_link, mail_restored
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


def email_restored(event: OutboxEvent) -> None:
    """On `product.restored` out of its cooling off: tell who leads the organization.

    A domain that came out of redemption was paid for, and its invoice is mailed.
    """
    if event.payload.get("was") != ProductStatus.TERMINATED:
        return
    product = (
        Product.objects.select_related("plan", "organization")
        .filter(organization_id=event.organization_id, pk=event.payload["product"])
        .first()
    )
    if product is not None:  # else it went to another organization since
        mail_restored(product=product, dedupe_key=str(event.pk), at=event.created_at)
