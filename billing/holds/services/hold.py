"""Hold an order at the moment of its payment, where a rule meets it (PRD-5)."""

from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from billing.holds.figures import Figures
from billing.holds.models import HoldRule, OrderHold
from billing.holds.rules import find_reasons
from billing.invoices.models import Invoice
from billing.invoices.status import InvoiceStatus
from billing.orders.models import Order, OrderLine
from billing.orders.status import TRANSITIONS, OrderStatus
from manager.kit.actor import Actor
from manager.kit.prepared import Prepared
from manager.kit.status import transition
from manager.outbox.publish import publish
from organizations.audit.services import record_audit

ANSWER_WITHIN = timedelta(days=10)


def hold_suspicious(invoice: Invoice, actor: Actor, at: datetime) -> set[int]:
    """Return the products of the invoice that wait because their order is held.

    Called in the transaction that pays the locked invoice: the payment stands, what it pays for waits. The
    rules are asked once, as the order is paid; what was released is never held again.
    """
    orders = _PAID.fetch(organization_id=invoice.organization_id, invoice_id=invoice.pk)
    held = [order.pk for order in orders if _is_held(order, invoice, actor, at)]
    if not held:
        return set()
    lines = OrderLine.objects.filter(organization_id=invoice.organization_id, order__in=held)
    return set(lines.values_list("product_id", flat=True))


def _build_paid(*, organization_id: int, invoice_id: int) -> QuerySet[Order]:
    paid = Q(invoice_id=invoice_id) | Q(invoice__replaced_by_id=invoice_id)
    waiting = Q(status__in=(OrderStatus.PENDING, OrderStatus.HELD))
    orders = Order.objects.filter(paid, waiting, organization_id=organization_id)
    return orders.select_for_update(of=("self",)).select_related("invoice").order_by("pk")


_PAID: Prepared[Order] = Prepared(_build_paid)


def _is_held(order: Order, invoice: Invoice, actor: Actor, at: datetime) -> bool:
    if order.status == OrderStatus.HELD:
        return True
    rules = list(HoldRule.objects.filter(is_on=True).order_by("kind").values_list("kind", "parameters"))
    if not rules or invoice.status == InvoiceStatus.PAID:
        return False
    figures = Figures(order=order, organization=invoice.organization, invoice=invoice, at=at)
    findings = find_reasons(figures=figures, rules=rules)
    if findings:
        _hold(order, findings, actor, at)
    return bool(findings)


def _hold(order: Order, findings: list[dict[str, object]], actor: Actor, at: datetime) -> None:
    transition(order, OrderStatus.HELD, TRANSITIONS)
    order.paid_at = at
    order.save(update_fields=["status", "paid_at"])
    hold = OrderHold.objects.create(
        organization_id=order.organization_id,
        order=order,
        findings=findings,
        held_at=at,
        answer_by=at + ANSWER_WITHIN,
    )
    # Why is for staff alone: the organization's own log says that it is held.
    record_audit(organization_id=order.organization_id, name="order.held", actor=actor, at=at, subject=order)
    publish(
        "order.held",
        organization_id=order.organization_id,
        payload={"order": order.pk, "hold": hold.pk},
        at=at,
    )
