"""Mails about orders."""

from accounts.users.models import User
from billing.orders.selectors import get_order
from manager.outbox.mails import queue_mail
from manager.outbox.models import OutboxEvent
from organizations.profile.models import Organization


def send_order_placed(*, event: OutboxEvent) -> None:
    """Tell the person who ordered what was ordered, what it costs and how to pay it."""
    _send("order_placed", event)


def send_order_expires_soon(*, event: OutboxEvent) -> None:
    """Tell the person who ordered that the order is cancelled unless it is paid (PRD-4)."""
    _send("order_expires_soon", event)


def send_order_expired(*, event: OutboxEvent) -> None:
    """Tell the person who ordered that the order was not paid and has ended (PRD-4)."""
    _send("order_expired", event)


def _send(template: str, event: OutboxEvent) -> None:
    organization = Organization.objects.get(pk=event.organization_id)
    person = User.objects.filter(pk=event.payload["placed_by"]).first()
    if person is None:
        return
    order = get_order(organization=organization, order_id=event.payload["order"])
    queue_mail(
        template=template,
        recipient=person.mail_address,
        language=person.language,
        context={"person": person, "organization": organization, "order": order, "invoice": order.payable},
        dedupe_key=f"{event.id}:{person.pk}",
        organization_id=organization.pk,
        at=event.created_at,
    )
