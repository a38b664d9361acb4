"""Unpaid orders end by themselves after their term; who ordered is told before (PRD-4)."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from billing.invoices.models import Invoice
from billing.orders.models import Order
from billing.orders.services.cancel import cancel_order, payable_of, require_pending
from billing.orders.status import OrderStatus
from billing.payments.errors import PaymentInProgress
from billing.payments.selectors import get_announced_transfer
from manager.kit.actor import Actor
from manager.outbox.publish import publish

TOLD_BEFORE = timedelta(days=5)
TRANSFER_TERM = timedelta(days=30)
"""So long an order waits for a bank transfer from the day on which it was chosen (BIL-3)."""


def end_of_term(at: datetime) -> datetime:
    """Return when an order that is placed at `at` and not paid is cancelled by itself."""
    return at + timedelta(days=settings.ORDER_TERM_DAYS)


@transaction.atomic
def wait_for_transfer(*, invoice: Invoice, at: datetime) -> int:
    """Let the pending orders that `invoice` pays wait for a transfer announced at `at`; return how many."""
    mine = Q(invoice=invoice) | Q(invoice__replaced_by=invoice)
    until = at + TRANSFER_TERM
    waiting = Order.objects.filter(mine, organization_id=invoice.organization_id, expires_at__lt=until)
    ids = waiting.filter(status=OrderStatus.PENDING).values("pk")
    orders = Order.objects.filter(organization_id=invoice.organization_id, pk__in=ids)
    return orders.update(expires_at=until, reminded_at=None)


@transaction.atomic
def remind_of_term(*, order: Order, at: datetime) -> bool:
    """Tell once that a pending order ends soon; publishes `order.expires_soon`. False where it was told."""
    row = Order.objects.select_for_update(of=("self",)).get(
        organization_id=order.organization_id, pk=order.pk
    )
    if row.status != OrderStatus.PENDING or row.reminded_at is not None:
        return False
    row.reminded_at = at
    row.save(update_fields=["reminded_at"])
    publish(
        "order.expires_soon",
        organization_id=row.organization_id,
        payload={"order": row.pk, "placed_by": row.placed_by},
        at=at,
    )
    return True


def expire_order(*, order: Order, actor: Actor, at: datetime) -> Order:
    """Cancel a pending order whose term is over; publishes `order.expired`. Runs outside of a transaction.

    A payment under way is asked about at the provider first: one that was made in time is taken.

    :raises OrderAlreadyPaid: it is paid, perhaps this very moment.
    :raises OrderIsHeld: it is paid, and being checked.
    :raises OrderAlreadyCancelled: it is cancelled.
    :raises PaymentInProgress: the provider is being called for it at this moment, and the next drain tries
        again; or a transfer was announced in time, whose term the relay has not put off yet.
    """
    require_pending(order)
    transfer = get_announced_transfer(invoice=payable_of(order))
    if transfer is not None and at < transfer.chosen_at + TRANSFER_TERM:
        wait_for_transfer(invoice=transfer.invoice, at=transfer.chosen_at)
        raise PaymentInProgress
    cancelled = cancel_order(order=order, actor=actor, at=at)
    with transaction.atomic():
        publish(
            "order.expired",
            organization_id=order.organization_id,
            payload={"order": order.pk, "placed_by": order.placed_by},
            at=at,
        )
    return cancelled
