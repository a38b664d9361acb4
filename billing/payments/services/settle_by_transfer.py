"""Money of a bank transfer pays an invoice: whole, in part, or with a rest that becomes balance (BIL-17)."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext

from billing.invoices.models import Invoice
from billing.invoices.services import settle_invoice
from billing.invoices.services.finalize import lock_invoice
from billing.invoices.services.requote import requote_draft
from billing.ledger.models import AccountKind
from billing.ledger.services import post_journal
from billing.reservations.selectors import due_of
from billing.reservations.services import reserve_transfer
from billing.tax.proofs import ACCOUNT, country_of_iban
from manager.kit.actor import Actor
from manager.kit.money import Money
from organizations.profile.models import Organization


@dataclass(frozen=True, slots=True)
class Used:
    """What became of a transfer: its part for the invoice, its part for the prepaid account.

    `missing` is what the invoice costs still, zero once it is paid.
    """

    for_invoice: Money
    for_balance: Money
    missing: Money


@transaction.atomic
def settle_by_transfer(
    *, invoice: Invoice, money: Money, reference: str, actor: Actor, at: datetime, payer_iban: str = ""
) -> Used:
    """Use `money` of the bank for `invoice` and return what became of it (BIL-16, BIL-17).

    Exactly what is due pays it, by the verb of every other payment. Less is set aside until the rest has
    come. What is more, and all of it where the invoice waits for nothing any more, goes to the prepaid
    account. The VAT of a draft is that of the day on which the money comes (BIL-6). `reference` names the
    transfer in the ledger, at most 60 characters: the caller uses it once. `payer_iban` is the account that
    it came from, "" where the bank does not tell.
    """
    requote_draft(invoice=invoice, actor=actor, at=at)
    locked = lock_invoice(invoice)
    due = due_of(invoice=locked) if locked.is_payable else Money.zero(locked.currency)
    used = min(due, money, key=lambda one: one.amount)
    missing = due - used
    if missing:
        reserve_transfer(invoice=locked, money=used, key=reference, actor=actor, at=at)
    elif used:
        settle_invoice(
            invoice=locked,
            source=AccountKind.BANK,
            reference=reference,
            paid_with=_paid_with(locked),
            paid_from={ACCOUNT: country_of_iban(payer_iban)},
            actor=actor,
            at=at,
        )
    rest = money - used
    if rest:
        credit_transfer(
            organization=locked.organization,
            money=rest,
            reference=f"{reference}:rest",
            kind="late_payment",
            invoice_id=locked.pk,
            at=at,
        )
    return Used(used, rest, missing)


def credit_transfer(
    *,
    organization: Organization,
    money: Money,
    reference: str,
    kind: str,
    at: datetime,
    invoice_id: int | None = None,
) -> None:
    """Put `money` of the bank on the prepaid account; `reference` and `kind` as in the ledger (BIL-7)."""
    post_journal(
        organization=organization,
        reference=reference,
        kind=kind,
        currency=money.currency,
        invoice_id=invoice_id,
        entries=[(AccountKind.BANK, -money.amount), (AccountKind.PREPAID, money.amount)],
        at=at,
    )


def _paid_with(invoice: Invoice) -> str:
    with translation.override(invoice.organization.language):
        return gettext("Bank transfer")
