"""Give a part of a paid invoice back, by a credit note, to the prepaid account (BIL-14)."""

from datetime import datetime

from django.db import transaction

from billing.invoices.models import CreditNote, Invoice
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
"""The kind of the movement, as the prepaid account names it."""


class NothingToCredit(DomainError):
    """A credit note is over a sum above zero."""

    code = "nothing_to_credit"


@transaction.atomic
def credit_to_prepaid(
    *, invoice: Invoice, net: Money, tax: Money, reference: str, reason: str, actor: Actor, at: datetime
) -> CreditNote:
    """Write a credit note over a part of `invoice` and put its sum on the prepaid account.

    `reference` names the movement in the ledger and makes it one. Publishes `credit_note.issued`. The
    caller knows what was paid; the series of numbers is held until its transaction ends.

    :raises NothingToCredit: the sum is not above zero.
    """
    total = net + tax
    if net.amount < 0 or tax.amount < 0 or not total:
        raise NothingToCredit
    post_journal(
        organization=invoice.organization,
        reference=reference,
        kind=CHANGE_CREDIT,
        currency=invoice.currency,
        invoice_id=invoice.pk,
        entries=[
            (AccountKind.REVENUE, -net.amount),
            (AccountKind.TAX, -tax.amount),
            (AccountKind.PREPAID, total.amount),
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
        currency=invoice.currency,
        net_amount=net.amount,
        tax_amount=tax.amount,
        total_amount=total.amount,
        issued_on=on,
        created_at=at,
    )
    facts = {"invoice": invoice.pk, "credit_note": note.number, "amount": total.amount}
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
