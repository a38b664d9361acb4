"""Bring the VAT of an unpaid draft to the day on which it is paid (BIL-6); a number is never touched."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from billing.invoices.models import Invoice, InvoiceLine
from billing.invoices.services.draft import CHANGE
from billing.invoices.services.finalize import lock_invoice
from billing.invoices.status import InvoiceStatus
from billing.payments.models import PaymentAttempt
from billing.payments.status import OPEN
from billing.profiles.party import Party
from billing.profiles.selectors import with_number_state
from billing.reservations.models import Reservation
from billing.tax.decision import TaxDecision
from billing.tax.quote import decide_for
from manager.kit.actor import Actor
from manager.kit.clock import day_in
from manager.kit.errors import DomainError
from manager.kit.prepared import Prepared
from organizations.audit.services import record_audit


class InvoiceChanged(DomainError):
    """What is to be paid is not what the person saw: a rate changed, or a register answered."""

    code = "invoice_changed"
    message = _("The VAT of this invoice has changed meanwhile. Please look at the new total and confirm it.")


@dataclass(frozen=True, slots=True)
class _Taxed:
    """A line with the VAT that it has now."""

    line: InvoiceLine
    rate: int
    tax: int


def require_current(*, invoice: Invoice, actor: Actor, at: datetime) -> None:
    """Refuse to take money for a draft whose total has just changed with its VAT; the new one is stored.

    Runs outside of a transaction, so that the refusal keeps what was computed.

    :raises InvoiceChanged: the total is another one now.
    """
    if requote_draft(invoice=invoice, actor=actor, at=at):
        raise InvoiceChanged(invoice=invoice.pk)


@transaction.atomic
def requote_draft(*, invoice: Invoice, actor: Actor, at: datetime) -> bool:
    """Compute the VAT of a draft anew for the day `at`; return whether its total has changed (BIL-6).

    Prices stay as they were agreed, and so does the recipient; the state of the VAT number is read again.
    Left alone: what has a number, a change of an offer (accepted at its sum), what is being paid and what
    money is set aside for already.
    """
    if not _may_change(invoice):
        return False
    locked = lock_invoice(invoice)
    if not _may_change(locked) or _is_under_way(locked):
        return False
    return requote_locked(invoice=locked, actor=actor, at=at)


def _may_change(invoice: Invoice) -> bool:
    return invoice.status == InvoiceStatus.DRAFT and invoice.origin != CHANGE


def requote_locked(*, invoice: Invoice, actor: Actor, at: datetime) -> bool:
    """Do it for an invoice that was read by `lock_invoice`, and that nobody pays or has set money aside for.

    In the transaction that holds its lock; `invoice` then is as it is stored.
    """
    if not _may_change(invoice):
        return False
    locked = invoice
    today = day_in(locked.organization.time_zone, at)
    buyer = with_number_state(Party.from_json(locked.buyer), organization=locked.organization)
    decision = decide_for(buyer=buyer, seller=locked.legal_entity, on=today)
    taxed = _tax_lines(locked, decision, today)
    before = locked.total_amount
    _store(locked, buyer, decision, taxed)
    if locked.total_amount == before:
        return False
    record_audit(
        organization_id=locked.organization_id,
        name="invoice.vat_updated",
        actor=actor,
        at=at,
        subject=locked,
        before=before,
        after=locked.total_amount,
        rule=decision.code,
    )
    return True


def _is_under_way(invoice: Invoice) -> bool:
    attempts = PaymentAttempt.objects.filter(
        organization_id=invoice.organization_id, invoice=invoice, status__in=OPEN
    )
    kept = Reservation.objects.filter(
        organization_id=invoice.organization_id, invoice=invoice, captured_at=None, released_at=None
    )
    return attempts.exists() or kept.exists()


def _tax_lines(invoice: Invoice, decision: TaxDecision, today: date) -> list[_Taxed]:
    found = []
    for line in _LINES.fetch(organization_id=invoice.organization_id, invoice_id=invoice.pk):
        line.invoice = invoice
        if line.net_amount < 0:  # set off at the VAT with which it was paid
            found.append(_Taxed(line, line.tax_rate, line.tax_amount))
            continue
        day = line.period.lower if line.period else today
        rate = decision.rates.on(day) if decision.rates else 0
        found.append(_Taxed(line, rate, line.net.at_rate(rate).amount))
    return found


def _build_lines(*, organization_id: int, invoice_id: int) -> QuerySet[InvoiceLine]:
    lines = InvoiceLine.objects.filter(organization_id=organization_id, invoice_id=invoice_id)
    return lines.order_by("position")


_LINES: Prepared[InvoiceLine] = Prepared(_build_lines, planned_once=True)


def _store(invoice: Invoice, buyer: Party, decision: TaxDecision, taxed: Sequence[_Taxed]) -> None:
    changed = [each for each in taxed if (each.line.tax_rate, each.line.tax_amount) != (each.rate, each.tax)]
    for each in changed:
        each.line.tax_rate, each.line.tax_amount = each.rate, each.tax
    if changed:
        InvoiceLine.objects.bulk_update([each.line for each in changed], ["tax_rate", "tax_amount"])
    tax = sum(each.tax for each in taxed)
    values: dict[str, Any] = {
        "buyer": buyer.as_json(),
        "tax_code": decision.code,
        "tax_evidence": decision.evidence,
        "tax_amount": tax,
        "total_amount": invoice.net_amount + tax,
    }
    values = {name: value for name, value in values.items() if getattr(invoice, name) != value}
    for name, value in values.items():
        setattr(invoice, name, value)
    if values:
        invoice.save(update_fields=list(values))
