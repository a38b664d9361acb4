"""Mails about a held order, to who ordered. They tell that a check is needed, and never why (PRD-5)."""

from django.urls import reverse

from accounts.identity.links import token_of
from accounts.identity.models import IdentityCase
from accounts.users.models import User
from billing.holds.models import OrderHold
from billing.orders.selectors import get_order
from billing.refunds.models import Refund
from billing.refunds.status import RefundStatus
from manager.outbox.mails import queue_mail
from manager.outbox.models import OutboxEvent


def mail_check(*, event: OutboxEvent, hold: OrderHold) -> None:
    """Send the link of the identity check to the person that it is for."""
    case = IdentityCase.objects.select_related("user").filter(pk=event.payload["case"]).first()
    if case is None or case.user is None or not hold.is_open:
        return
    _queue(event, hold, case.user, "order_held", case=case, token=token_of(case))


def mail_decision(*, template: str, event: OutboxEvent, hold: OrderHold) -> None:
    """Tell who ordered how the check ended."""
    case = IdentityCase.objects.select_related("user").filter(pk=hold.case_id or 0).first()
    person = User.objects.filter(pk=hold.order.placed_by, is_active=True).first()
    if person is None and case is not None:
        person = case.user
    if person is not None:
        refund = Refund.objects.filter(
            organization_id=hold.organization_id, origin_key=f"hold:{hold.pk}"
        ).first()
        to_means = refund is not None and refund.attempt_id is not None
        kept = refund is not None and refund.status == RefundStatus.KEPT
        _queue(event, hold, person, template, refund=refund, to_means=to_means and not kept)


def _queue(event: OutboxEvent, hold: OrderHold, person: User, template: str, **context: object) -> None:
    order = get_order(organization=hold.organization, order_id=hold.order_id)
    queue_mail(
        template=template,
        recipient=person.mail_address,
        language=person.language,
        context={
            "person": person,
            "organization": hold.organization,
            "hold": hold,
            "order": order,
            "order_path": reverse("billing:order", args=[hold.organization_id, hold.order_id]),
            **context,
        },
        dedupe_key=f"{event.id}:{template}:{person.pk}",
        organization_id=hold.organization_id,
        at=event.created_at,
    )
