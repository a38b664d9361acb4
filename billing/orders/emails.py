"""Mails about orders."""

from accounts.users.models import User
from billing.orders.selectors import get_order
from manager.outbox.mails import queue_mail
from manager.outbox.models import OutboxEvent
from organizations.profile.models import Organization


def send_order_placed(*, event: OutboxEvent) -> None:
    """Tell the person who ordered what was ordered, what it costs and how to pay it."""
    organization = Organization.objects.get(pk=event.organization_id)
    person = User.objects.filter(pk=event.payload["placed_by"]).first()
    if person is None:
        return
    order = get_order(organization=organization, order_id=event.payload["order"])
    queue_mail(
        template="order_placed",
        recipient=person.mail_address,
        language=person.language,
        context={"person": person, "organization": organization, "order": order, "invoice": order.payable},
        dedupe_key=f"{event.id}:{person.pk}",
        organization_id=organization.pk,
        at=event.created_at,
    )
