"""Keep the money of a paid invoice whose effect was refused: it becomes balance (PRD-6, BIL-16)."""

from datetime import datetime

from django.utils import translation
from django.utils.translation import gettext

from billing.invoices.models import Invoice, InvoiceLine
from billing.invoices.services.credit import NOT_CARRIED_OUT, CreditedLine, credit_to_prepaid
from manager.kit.actor import Actor
from manager.outbox.publish import publish
from organizations.audit.services import record_audit


def give_back(*, invoice: Invoice, why: str, actor: Actor, at: datetime) -> None:
    """Put the whole of `invoice` on the prepaid account by a credit note, in the transaction that pays it.

    The caller has locked the invoice and the accounts. `why` is the code of the refusal. Its lines pay
    nothing any more, so that their days are free. Publishes `invoice.given_back`; nothing moves for an
    invoice over nothing.
    """
    lines = InvoiceLine.objects.filter(organization_id=invoice.organization_id, invoice=invoice)
    credited = [CreditedLine.of(line, invoice.currency) for line in lines.order_by("position")]
    lines.update(counts=False)
    with translation.override(invoice.language):
        reason = gettext("What this invoice pays for could not be carried out any more.")
    if invoice.total_amount:
        credit_to_prepaid(
            invoice=invoice,
            lines=credited,
            reference=f"invoice:{invoice.pk}:given-back",
            kind=NOT_CARRIED_OUT,
            reason=reason,
            actor=actor,
            at=at,
        )
    facts = {"amount": invoice.total_amount, "reason": why}
    record_audit(
        organization_id=invoice.organization_id,
        name="invoice.given_back",
        actor=actor,
        at=at,
        subject=invoice,
        **facts,
    )
    publish(
        "invoice.given_back",
        organization_id=invoice.organization_id,
        payload={"invoice": invoice.pk, "origin": invoice.origin, **facts},
        at=at,
    )
