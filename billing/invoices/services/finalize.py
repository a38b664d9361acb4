"""Issue an invoice: from now on it has a number and is never changed (BIL-5)."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet, Sum

from accounts.users.addresses import country_of_phone
from billing.invoices.models import Invoice, InvoiceLine
from billing.invoices.services.numbers import INVOICE, take_number
from billing.invoices.status import TRANSITIONS, InvoiceStatus
from billing.ledger.models import AccountKind
from billing.ledger.services import post_journal
from billing.tax.proofs import (
    ADDRESS,
    ORGANIZATION,
    PHONE,
    PROVED,
    countries_agree,
    is_proved,
    known_countries,
)
from manager.kit.actor import Actor
from manager.kit.clock import day_in
from manager.kit.database.rows import update_row
from manager.kit.prepared import Prepared
from manager.kit.status import transition
from manager.outbox.publish import publish
from organizations.audit.services import record_audit
from organizations.members.selectors import phone_of_representatives


@transaction.atomic
def finalize_invoice(*, invoice: Invoice, actor: Actor, at: datetime) -> Invoice:
    """Issue a draft that is paid later: DRAFT to OPEN, with its number and its entries (BIL-5, BIL-15).

    One transaction numbers one invoice, as it holds the series until it commits.

    :raises IllegalTransition: it is not a draft.
    """
    invoice = lock_invoice(invoice)
    transition(invoice, InvoiceStatus.OPEN, TRANSITIONS)
    lines = InvoiceLine.objects.filter(organization_id=invoice.organization_id, invoice=invoice)
    discount: int = lines.aggregate(sum=Sum("discount_amount"))["sum"] or 0
    post_issue(invoice, discount, at)
    give_number(invoice, at)
    record_audit(
        organization_id=invoice.organization_id, name="invoice.issued", actor=actor, at=at, subject=invoice
    )
    publish(
        "invoice.issued",
        organization_id=invoice.organization_id,
        payload={"invoice": invoice.pk, "number": invoice.number},
        at=at,
    )
    return invoice


def lock_invoice(invoice: Invoice) -> Invoice:
    """Return the invoice as it stands now, with its row locked until the transaction ends.

    :raises Invoice.DoesNotExist: the organization has none of that id.
    """
    return _LOCKED.one(organization_id=invoice.organization_id, pk=invoice.pk)


def _build_locked(*, organization_id: int, pk: int) -> QuerySet[Invoice]:
    found = Invoice.objects.filter(organization_id=organization_id, pk=pk)
    return found.select_for_update(of=("self",)).select_related("organization", "legal_entity")


_LOCKED: Prepared[Invoice] = Prepared(_build_locked, planned_once=True)


def issue_reference(invoice: Invoice) -> str:
    """Return the ledger's name of the movement that issues the invoice."""
    return f"invoice:{invoice.pk}:issue"


def post_issue(
    invoice: Invoice, discount: int, at: datetime, accounts: Mapping[str, int] | None = None
) -> None:
    """Post what is owed: receivable against revenue and VAT.

    `discount`, in minor units, is that of all lines; it lowers revenue on an account of its own. `accounts`
    as for `post_journal`.
    """
    post_journal(
        organization=invoice.organization,
        reference=issue_reference(invoice),
        kind="invoice_issued",
        currency=invoice.currency,
        invoice_id=invoice.pk,
        entries=[
            (AccountKind.RECEIVABLE, -invoice.total_amount),
            (AccountKind.REVENUE, invoice.net_amount + discount),
            (AccountKind.PROMOTIONS, -discount),
            (AccountKind.TAX, invoice.tax_amount),
        ],
        at=at,
        accounts=accounts,
    )


def give_number(invoice: Invoice, at: datetime, *, paid_from: Mapping[str, str] | None = None) -> None:
    """Give an invoice that has become OPEN its number and date (a day of the seller), and save it.

    With them it keeps the countries that speak for the customer's place: nothing changes them later (BIL-6).
    `paid_from` are those that the payment told, by `billing.tax.proofs.SOURCES`.
    """
    _keep_countries(invoice, paid_from or {})
    invoice.issued_on = day_in(invoice.legal_entity.time_zone, at)
    invoice.number = take_number(entity=invoice.legal_entity, kind=INVOICE, on=invoice.issued_on)
    update_row(invoice, ("status", "number", "issued_on", "tax_evidence"))


def _keep_countries(invoice: Invoice, paid_from: Mapping[str, str]) -> None:
    """Add the countries to the evidence where VAT of the European Union is charged abroad (BIL-6)."""
    if invoice.tax_code not in PROVED:
        return
    own = {
        ADDRESS: str(invoice.buyer.get("country") or ""),
        ORGANIZATION: str(invoice.organization.country),
    }
    phone = phone_of_representatives(organization_id=invoice.organization_id)
    known = known_countries({**paid_from, **own, PHONE: country_of_phone(phone)})
    invoice.tax_evidence = {
        **invoice.tax_evidence,
        "countries": known,
        "countries_agree": countries_agree(known),
        "countries_proved": is_proved(known, own[ADDRESS]),
    }
