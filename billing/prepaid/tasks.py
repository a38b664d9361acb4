"""What follows from events about the prepaid account: mails. Repeating one changes nothing."""

from typing import Any

from django.urls import reverse

from billing.gateway.declines import message_for
from billing.payment_methods.setups import KindNotOffered
from billing.payments.errors import MethodExpired
from billing.receivers.mailing import mail_billing
from manager.kit.money import Money
from manager.outbox.models import OutboxEvent
from organizations.profile.models import Organization

WHY_STOPPED = {refusal.code: refusal.message for refusal in (MethodExpired, KindNotOffered)}


def email_low(event: OutboxEvent) -> None:
    """Tell the billing contacts that the balance has fallen below their threshold (BIL-7)."""
    sums = {name: Money(event.payload[name], event.payload["currency"]) for name in ("balance", "threshold")}
    _email("prepaid_low", event, sums)


def email_auto_stopped(event: OutboxEvent) -> None:
    """Tell the billing contacts that the automatic top-up is off, and why (BIL-7).

    After refusals in a row, or because its means cannot be charged any more: then `reason` tells why.
    """
    code = event.payload.get("reason", "")
    reason = WHY_STOPPED.get(code) or message_for(code) if code else ""
    _email("prepaid_auto_stopped", event, {"reason": reason})


def _email(template: str, event: OutboxEvent, context: dict[str, Any]) -> None:
    organization = Organization.objects.get(pk=event.organization_id)
    mail_billing(
        template=template,
        organization=organization,
        message=None,
        key=event.id,
        context={**context, "path": reverse("billing:prepaid", args=[organization.pk])},
        at=event.created_at,
    )
