"""What follows from events of a transfer: mails to both sides."""

from django.urls import reverse

from manager.kit.scope import tenant_scope
from manager.outbox.models import OutboxEvent
from organizations.profile.models import Organization
from products.transfer.emails import mail_news, mail_offer
from products.transfer.models import Transfer
from products.transfer.status import TransferStatus


def email_offered(event: OutboxEvent) -> None:
    """Mail the link to the chosen organization, unless it was answered meanwhile; none for a free link."""
    transfer = (
        Transfer.objects.select_related("organization", "offered_by")
        .filter(organization_id=event.organization_id, pk=event.payload["transfer"])
        .filter(status=TransferStatus.OFFERED, recipient_id__isnull=False)
        .first()
    )
    if transfer is None or transfer.recipient_id is None:
        return
    with tenant_scope(transfer.recipient_id):
        mail_offer(
            transfer=transfer,
            recipient=Organization.objects.get(pk=transfer.recipient_id),
            dedupe_key=str(event.pk),
            at=event.created_at,
        )


def email_given(event: OutboxEvent) -> None:
    """Tell the giver that the product has gone."""
    _email("given", event, path=reverse("products:transfers", args=[event.organization_id]))


def email_received(event: OutboxEvent) -> None:
    """Tell the recipient that the product is there."""
    path = reverse("products:product", args=[event.organization_id, event.payload["product"]])
    _email("received", event, path=path)


def email_refused(event: OutboxEvent) -> None:
    """Tell the giver that the offer was refused."""
    transfer = Transfer.objects.get(organization_id=event.organization_id, pk=event.payload["transfer"])
    facts = {"name": transfer.product_name, "other": transfer.recipient_name}
    path = reverse("products:product", args=[event.organization_id, transfer.product_id])
    _email("refused", event, path=path, **facts)


def _email(what: str, event: OutboxEvent, *, path: str, **more: str) -> None:
    payload = {**event.payload, **more}
    mail_news(
        what=what,
        facts={
            "product": payload["name"],
            "other": payload["other"],
            "path": path,
        },
        organization=Organization.objects.get(pk=event.organization_id),
        dedupe_key=str(event.pk),
        at=event.created_at,
    )
