"""Release or refuse a held order (PRD-5)."""

from datetime import datetime

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from billing.holds.models import OrderHold
from billing.holds.status import TRANSITIONS, Decision, HoldStatus
from billing.invoices.models import Invoice, InvoiceLine
from billing.invoices.services.finalize import lock_invoice
from billing.invoices.services.retry import retry_fulfilment
from billing.orders.models import Order, OrderLine
from billing.orders.services.cancel import end_order
from billing.orders.status import TRANSITIONS as ORDER_TRANSITIONS
from billing.orders.status import OrderStatus
from billing.refunds.services import begin_refund
from manager.kit.actor import Actor
from manager.kit.errors import DomainError
from manager.kit.status import transition
from manager.outbox.publish import publish
from organizations.audit.services import record_audit


class HoldDecided(DomainError):
    """Somebody decided before."""

    code = "hold_decided"
    message = _("This order is decided already.")


class ReasonNeeded(DomainError):
    """Who decides says why."""

    code = "reason_missing"
    status = 422
    field = "reason"
    message = _("Please say why, in a few words.")


@transaction.atomic
def release_hold(
    *, hold: OrderHold, decision: Decision, reason: str = "", actor: Actor, at: datetime
) -> OrderHold:
    """Let a held order go on: it is paid, and its products begin now. Publishes `order.released`.

    What a product refuses does not undo it; that is tried again, as after any payment (PRD-7).

    :raises ReasonNeeded: staff gave none.
    :raises HoldDecided: it is released or refused already.
    """
    invoice, order, row = _lock(hold, decision, reason)
    _note_decision(row, decision, reason, actor, at)
    transition(row, HoldStatus.RELEASED, TRANSITIONS)
    row.save()
    transition(order, OrderStatus.PAID, ORDER_TRANSITIONS)
    order.save(update_fields=["status"])
    retry_fulfilment(invoice=invoice, actor=actor, at=at)
    _tell(row, "order.released", actor, at)
    return row


@transaction.atomic
def refuse_hold(
    *, hold: OrderHold, decision: Decision, reason: str = "", actor: Actor, at: datetime
) -> OrderHold:
    """Cancel a held order and give its money back in full. Publishes `order.refused`, `order.cancelled`.

    The refund to the means used is begun in the same commit and carried out by a worker (BIL-14).

    :raises ReasonNeeded: staff gave none.
    :raises HoldDecided: it is released or refused already.
    """
    invoice, order, row = _lock(hold, decision, reason)
    _note_decision(row, decision, reason, actor, at)
    transition(row, HoldStatus.REFUSED, TRANSITIONS)
    row.save()
    with translation.override(invoice.language):
        why = gettext("Order %(number)s was cancelled.") % {"number": order.pk}
    refund = begin_refund(
        invoice=invoice,
        lines=_lines_of(order, invoice),
        origin_key=origin_key(row),
        reason=why,
        actor=actor,
        at=at,
    )
    end_order(order=order, actor=actor, at=at)
    if refund is None:
        transition(row, HoldStatus.REFUNDED, TRANSITIONS)
        row.save(update_fields=["status"])
    _tell(row, "order.refused", actor, at)
    return row


@transaction.atomic
def note_refunded(*, organization_id: int, key: str) -> None:
    """Note that the money of a refused order has been given back; `key` names the refund's cause."""
    prefix, _colon, number = key.partition(":")
    if prefix != "hold" or not number.isdigit():
        return
    row = (
        OrderHold.objects.select_for_update(of=("self",))
        .filter(organization_id=organization_id, pk=int(number), status=HoldStatus.REFUSED)
        .first()
    )
    if row is not None:
        transition(row, HoldStatus.REFUNDED, TRANSITIONS)
        row.save(update_fields=["status"])


def origin_key(hold: OrderHold) -> str:
    """Return the name of the hold as the cause of a refund."""
    return f"hold:{hold.pk}"


def _lock(hold: OrderHold, decision: Decision, reason: str) -> tuple[Invoice, Order, OrderHold]:
    """Lock in the one order: invoice, order, hold."""
    if decision == Decision.STAFF and not reason.strip():
        raise ReasonNeeded
    owner = hold.organization_id
    invoice = lock_invoice(
        Order.objects.select_related("invoice__replaced_by")
        .get(organization_id=owner, pk=hold.order_id)
        .payable
    )
    order = Order.objects.select_for_update(of=("self",)).get(organization_id=owner, pk=hold.order_id)
    row = OrderHold.objects.select_for_update(of=("self",)).get(organization_id=owner, pk=hold.pk)
    if row.status != HoldStatus.HELD:
        raise HoldDecided
    return invoice, order, row


def _note_decision(row: OrderHold, decision: Decision, reason: str, actor: Actor, at: datetime) -> None:
    row.decision = decision
    row.reason = reason.strip()[:500]
    row.decided_by = actor.user_id
    row.decided_by_name = actor.name[:200]
    row.decided_at = at


def _lines_of(order: Order, invoice: Invoice) -> list[InvoiceLine]:
    """Return the order's lines of the invoice that paid it: all of its own, its products' of a selection."""
    lines = InvoiceLine.objects.filter(organization_id=invoice.organization_id, invoice=invoice)
    if invoice.pk != order.invoice_id:
        mine = OrderLine.objects.filter(organization_id=order.organization_id, order=order)
        lines = lines.filter(product_id__in=mine.values("product_id"))
    return list(lines.order_by("position"))


def _tell(row: OrderHold, name: str, actor: Actor, at: datetime) -> None:
    record_audit(organization_id=row.organization_id, name=name, actor=actor, at=at, subject=row.order)
    publish(
        name,
        organization_id=row.organization_id,
        payload={"order": row.order_id, "hold": row.pk, "decision": row.decision},
        at=at,
    )
