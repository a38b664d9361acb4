"""Give a paid invoice back, whole or in part, by a credit note, to the prepaid account (BIL-14)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

from django.db import transaction

from billing.invoices.models import CreditNote, Invoice, InvoiceLine
from billing.invoices.services.numbers import CREDIT_NOTE, take_number
from billing.ledger.models import AccountKind
from billing.ledger.services import post_journal
from manager.kit.actor import Actor
from manager.kit.clock import day_in
from manager.kit.errors import DomainError
from manager.kit.money import Money
from manager.outbox.publish import publish
from organizations.audit.services import record_audit

CHANGE_CREDIT = "change_credit"
NOT_CARRIED_OUT = "not_carried_out"
REFUND = "refund"
"""The kinds of the movement, as the prepaid account names them."""


class NothingToCredit(DomainError):
    """A credit note is over a sum above zero, or over VAT that goes from one rate to another."""

    code = "nothing_to_credit"


@dataclass(frozen=True, slots=True)
class CreditedLine:
    """What is given back of a line, at the `rate` of VAT (basis points) that was paid for it.

    `line_id` is the line of the invoice, 0 where it is not known (credit notes before there was one). `code`
    is the rule of the VAT, "" where it is the invoice's: whatever is known of the customer since, what is
    given back was sold under the rule of then (BIL-6).
    """

    description: str
    rate: int
    net: Money
    tax: Money
    line_id: int = 0
    code: str = ""

    @property
    def total(self) -> Money:
        """What is given back, VAT included."""
        return self.net + self.tax

    @classmethod
    def of(cls, line: InvoiceLine, currency: str) -> Self:
        """Return a whole line."""
        net, tax = Money(line.net_amount, currency), Money(line.tax_amount, currency)
        return cls(line.description, line.tax_rate, net, tax, line.pk, line.tax_code)

    @classmethod
    def from_json(cls, row: dict[str, Any], currency: str) -> Self:
        """Return the line as the credit note has it."""
        net, tax = Money(row["net"], currency), Money(row["tax"], currency)
        return cls(row["description"], row["rate"], net, tax, row.get("line", 0), row.get("code", ""))

    def as_json(self) -> dict[str, Any]:
        """Return the line for the credit note."""
        sums = {"net": self.net.amount, "tax": self.tax.amount}
        code = {"code": self.code} if self.code else {}
        return {"description": self.description, "rate": self.rate, "line": self.line_id, **sums, **code}


@transaction.atomic
def credit_lines(
    *,
    invoice: Invoice,
    lines: Sequence[CreditedLine],
    to: AccountKind,
    to_means: Money | None = None,
    reference: str,
    kind: str,
    reason: str,
    actor: Actor,
    at: datetime,
) -> CreditNote:
    """Write a credit note over `lines` of `invoice`; their sum goes to the account `to`.

    With `to_means` only so much goes there, and the rest becomes balance. The net part is booked as refunds,
    not taken off revenue (BIL-15). `reference` names the movement in the ledger and makes it one, `kind` says
    what it is. Publishes `credit_note.issued`. The caller knows what was paid; the series of numbers is held
    until its transaction ends.

    :raises NothingToCredit: the sum is below zero, or nothing moves.
    """
    net = Money.total((line.net for line in lines), invoice.currency)
    tax = Money.total((line.tax for line in lines), invoice.currency)
    total = net + tax
    if total.amount < 0 or not (net or tax):
        raise NothingToCredit
    away = total if to_means is None else to_means
    post_journal(
        organization=invoice.organization,
        reference=reference,
        kind=kind,
        currency=invoice.currency,
        invoice_id=invoice.pk,
        entries=[
            (AccountKind.REFUNDS, -net.amount),
            (AccountKind.TAX, -tax.amount),
            (to, away.amount),
            (AccountKind.PREPAID, (total - away).amount),
        ],
        at=at,
    )
    on = day_in(invoice.legal_entity.time_zone, at)
    note = CreditNote.objects.create(
        organization_id=invoice.organization_id,
        invoice=invoice,
        legal_entity=invoice.legal_entity,
        number=take_number(entity=invoice.legal_entity, kind=CREDIT_NOTE, on=on),
        reason=reason[:250],
        lines=[line.as_json() for line in lines],
        currency=invoice.currency,
        net_amount=net.amount,
        tax_amount=tax.amount,
        total_amount=total.amount,
        issued_on=on,
        created_at=at,
    )
    facts = {
        "invoice": invoice.pk,
        "credit_note": note.number,
        "amount": total.amount,
        "to": to,
        "balance": total.amount if to == AccountKind.PREPAID else (total - away).amount,
    }
    record_audit(
        organization_id=invoice.organization_id,
        name="credit_note.issued",
        actor=actor,
        at=at,
        subject=invoice,
        **facts,
    )
    publish("credit_note.issued", organization_id=invoice.organization_id, payload=facts, at=at)
    return note


def credit_to_prepaid(
    *,
    invoice: Invoice,
    lines: Sequence[CreditedLine],
    reference: str,
    kind: str,
    reason: str,
    actor: Actor,
    at: datetime,
) -> CreditNote:
    """Write a credit note over `lines` of `invoice` and put their sum on the prepaid account.

    :raises NothingToCredit: see `credit_lines`.
    """
    return credit_lines(
        invoice=invoice,
        lines=lines,
        to=AccountKind.PREPAID,
        reference=reference,
        kind=kind,
        reason=reason,
        actor=actor,
        at=at,
    )
