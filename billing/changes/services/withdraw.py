"""Take an accepted change back that is not paid."""

from datetime import datetime

from django.db import transaction

from billing.changes.models import ChangeQuote
from billing.changes.selectors import get_change
from billing.changes.status import TRANSITIONS, ChangeStatus
from billing.invoices.models import Invoice
from billing.invoices.services import cancel_invoice
from billing.payments.errors import InvoiceNotPayable, PaymentInProgress
from billing.payments.selectors import get_open_attempt
from billing.payments.services import cancel_attempt
from billing.payments.status import AttemptStatus
from manager.kit.actor import Actor
from manager.kit.status import transition
from manager.outbox.publish import publish
from organizations.audit.services import record_audit
from products.inventory.models import Product

CANCELLED = "cancelled"
"""Why a change is taken back whose invoice was."""


def withdraw_change(*, change: ChangeQuote, actor: Actor, at: datetime) -> ChangeQuote:
    """Take back a change that waits for its payment: its invoice is cancelled, the product stays as it is.

    Runs outside of a transaction: a payment under way is closed at the provider first.

    :raises InvoiceNotPayable: it is paid, or does not wait for a payment.
    :raises PaymentInProgress: it is being paid at this moment.
    """
    if change.status != ChangeStatus.ACCEPTED or change.invoice is None:
        raise InvoiceNotPayable
    attempt = get_open_attempt(invoice=change.invoice)
    if attempt and cancel_attempt(attempt=attempt, actor=actor, at=at).status == AttemptStatus.SUCCEEDED:
        raise InvoiceNotPayable
    with transaction.atomic(durable=True):
        invoice = Invoice.objects.select_for_update().get(
            organization_id=change.organization_id, pk=change.invoice.pk
        )
        if get_open_attempt(invoice=invoice) is not None:  # begun since we looked
            raise PaymentInProgress
        cancel_invoice(invoice=invoice, actor=actor, at=at)
        mark_withdrawn(
            invoice_id=invoice.pk, organization_id=change.organization_id, why=CANCELLED, actor=actor, at=at
        )
    return get_change(product=change.product, change_id=change.pk)


@transaction.atomic
def mark_withdrawn(*, invoice_id: int, organization_id: int, why: str, actor: Actor, at: datetime) -> int:
    """Mark the change that waits for an invoice which was cancelled or given back; return how many.

    `why` is `cancelled`, or the code of the refusal. Publishes `change.withdrawn`.
    """
    changes = ChangeQuote.objects.select_for_update().filter(
        organization_id=organization_id, invoice_id=invoice_id, status=ChangeStatus.ACCEPTED
    )
    found = list(changes)
    for change in found:
        transition(change, ChangeStatus.WITHDRAWN, TRANSITIONS)
        change.settled_at = at
        change.save(update_fields=["status", "settled_at"])
        record_audit(
            organization_id=organization_id,
            name="change.withdrawn",
            actor=actor,
            at=at,
            subject=_product_of(change),
            change=change.pk,
            reason=why,
        )
        facts = {"change": change.pk, "product": change.product_id, "invoice": invoice_id, "reason": why}
        publish("change.withdrawn", organization_id=organization_id, payload=facts, at=at)
    return len(found)


def _product_of(change: ChangeQuote) -> Product | None:
    """Return the product, unless it went to another organization."""
    return Product.objects.filter(organization_id=change.organization_id, pk=change.product_id).first()


def withdraw_refused(invoice: Invoice, why: str, actor: Actor, at: datetime) -> None:
    """Take back the change that `invoice` has just paid and that could not be carried out any more.

    Called in the transaction of the payment; its money is on the prepaid account.
    """
    mark_withdrawn(
        invoice_id=invoice.pk, organization_id=invoice.organization_id, why=why, actor=actor, at=at
    )
