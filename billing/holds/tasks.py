"""What follows from events of held orders, identity checks and refunds. Repeating one changes nothing."""

import logging

from billing.holds.emails import mail_check, mail_decision
from billing.holds.models import OrderHold
from billing.holds.services import ask_for_check, note_refunded, release_hold
from billing.holds.services.ask import NobodyToAsk
from billing.holds.services.decide import HoldDecided
from billing.holds.status import Decision
from manager.kit.actor import Actor
from manager.kit.scope import tenant_scope
from manager.outbox.models import OutboxEvent

logger = logging.getLogger(__name__)

ACTOR = Actor.system("holds")


def ask_who_ordered(event: OutboxEvent) -> None:
    """On `order.held`: open the identity check (ACC-12)."""
    try:
        ask_for_check(hold=_hold(event), actor=ACTOR, at=event.created_at)
    except NobodyToAsk:
        logger.warning("Nobody can be asked about the held order %s.", event.payload["order"])


def email_check(event: OutboxEvent) -> None:
    """On `order.check_asked`: mail the link of the check."""
    mail_check(event=event, hold=_hold(event))


def email_released(event: OutboxEvent) -> None:
    """On `order.released`: say that the order goes on."""
    mail_decision(template="order_released", event=event, hold=_hold(event))


def email_refused(event: OutboxEvent) -> None:
    """On `order.refused`: say that it is cancelled, and where the money goes."""
    mail_decision(template="order_refused", event=event, hold=_hold(event))


def release_confirmed(event: OutboxEvent) -> None:
    """On `identity.approved`: the order that the check was about goes on."""
    subject = event.payload.get("subject") or {}
    if "hold" not in subject:
        return
    owner = subject["organization"]
    with tenant_scope(owner):
        hold = OrderHold.objects.filter(organization_id=owner, pk=subject["hold"]).first()
        if hold is None:
            return
        try:
            release_hold(hold=hold, decision=Decision.IDENTITY, actor=ACTOR, at=event.created_at)
        except HoldDecided:
            logger.info("The held order %s was decided before its check.", subject["order"])


def settle_refunded(event: OutboxEvent) -> None:
    """On `refund.settled`: the money of a refused order has been given back."""
    note_refunded(organization_id=event.organization_id, key=event.payload["origin_key"])


def _hold(event: OutboxEvent) -> OrderHold:
    return OrderHold.objects.select_related("order", "organization").get(
        organization_id=event.organization_id, pk=event.payload["hold"]
    )
