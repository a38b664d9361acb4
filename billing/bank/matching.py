"""Whose money an entry is: by reference, by what stands in its text, by amount and name (BIL-17)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

from django.db.models import Exists, OuterRef, QuerySet, Sum

from billing.bank.models import StatementEntry
from billing.bank.status import Why
from billing.invoices.models import Invoice
from billing.invoices.status import PAYABLE
from billing.reservations.models import Reservation
from billing.transfer.references import QRR_LENGTH, Target, read_reference
from organizations.profile.models import Organization

CERTAIN = {Why.QR_REFERENCE: 100, Why.CREDITOR_REFERENCE: 100, Why.REFERENCE_IN_TEXT: 98}
NUMBER_AND_AMOUNT, NUMBER_ALONE = 95, 80
NAME_ALIKE, NAME_AMONG_SEVERAL, AMOUNT_ALONE, WRONG_ENTITY = 75, 60, 40, 60
ALIKE = 82
MOST_CANDIDATES = 200
NUMBER = re.compile(r"(?<![A-Z0-9])([A-Z][A-Z0-9]{0,9})[-\s]?(20\d\d)[-\s]?(\d{6})(?!\d)")
QR_TEXT = re.compile(r"(?<!\d)(?:\d[ .]?){26}\d(?!\d)")
CREDITOR_TEXT = re.compile(r"(?<![A-Z0-9])RF ?\d\d(?: ?[0-9A-Z]){2,21}")
LEGAL_FORMS = {"AG", "SA", "GMBH", "SARL", "LTD", "LLC", "INC", "SAGL", "SRL", "SPA", "SE", "KG"}


@dataclass(frozen=True, slots=True)
class Match:
    """What an entry pays, by how much we are sure (0 to 100), and why; or why nothing was found."""

    why: Why
    confidence: int = 0
    organization_id: int | None = None
    invoice_id: int | None = None


def find_match(entry: StatementEntry) -> Match:
    """Return what the credit `entry` pays. Reads across organizations, on the system's connection."""
    if entry.reference:
        target = read_reference(entry.reference)
        if target is not None:
            kind = Why.QR_REFERENCE if len(entry.reference) == QRR_LENGTH else Why.CREDITOR_REFERENCE
            return _of_target(entry, target, kind)
    targets = set(_targets_in(f"{entry.text} {entry.end_to_end}"))
    if len(targets) > 1:
        return Match(Why.SEVERAL)
    if targets:
        return _of_target(entry, targets.pop(), Why.REFERENCE_IN_TEXT)
    found = _by_number(entry) or _by_amount(entry)
    if found is None:
        return Match(Why.FOREIGN_REFERENCE if entry.reference else Why.NOTHING_FOUND)
    return found


def likeness(one: str, other: str) -> int:
    """Return how alike two names are, from 0 to 100, whatever the order of the words and the legal form."""
    left, right = _words(one), _words(other)
    if not left or not right:
        return 0
    if set(left) == set(right):
        return 100
    return round(100 * SequenceMatcher(None, " ".join(left), " ".join(right)).ratio())


def due_amount(invoice: Invoice) -> int:
    """Return what an invoice of any organization still costs, in minor units; 0 when it waits for nothing."""
    if invoice.status not in PAYABLE:
        return 0
    rows = Reservation.objects.using("system").filter(
        organization_id=invoice.organization_id, invoice_id=invoice.pk, captured_at=None, released_at=None
    )
    reserved: int = rows.aggregate(sum=Sum("amount"))["sum"] or 0
    return invoice.total_amount - reserved


def _words(name: str) -> list[str]:
    plain = re.sub(r"[^\w]+", " ", name.upper().replace("Ä", "AE").replace("Ö", "OE").replace("Ü", "UE"))
    return sorted(word for word in plain.split() if word not in LEGAL_FORMS)


def _targets_in(text: str) -> Iterator[Target]:
    """Return what the references within `text` name; the shorter ends of a match are tried as well."""
    upper = text.upper()
    for found in QR_TEXT.finditer(upper):
        target = read_reference(found.group().replace(".", ""))
        if target is not None:
            yield target
    for found in CREDITOR_TEXT.finditer(upper):
        compact = found.group().replace(" ", "")
        # A word may follow the reference directly: it ends with its digits.
        digits = re.match(r"RF\d+", compact)
        target = read_reference(digits.group()) if digits else None
        if target is not None:
            yield target


def _of_target(entry: StatementEntry, target: Target, why: Why) -> Match:
    if target.kind == "top_up":
        return _of_top_up(entry, target.id, why)
    invoice = _invoices().filter(pk=target.id).first()
    return Match(Why.UNKNOWN_REFERENCE) if invoice is None else _of_invoice(entry, invoice, why, CERTAIN[why])


def _of_top_up(entry: StatementEntry, organization_id: int, why: Why) -> Match:
    organization = Organization.objects.using("system").filter(pk=organization_id, deleted_at=None).first()
    if organization is None:
        return Match(Why.UNKNOWN_REFERENCE)
    if organization.currency != entry.currency:
        return Match(Why.OTHER_CURRENCY, 0, organization.pk)
    return Match(why, CERTAIN[why], organization.pk)


def _of_invoice(entry: StatementEntry, invoice: Invoice, why: Why, confidence: int) -> Match:
    if invoice.currency != entry.currency:
        return Match(Why.OTHER_CURRENCY, 0, invoice.organization_id, invoice.pk)
    if invoice.legal_entity_id != entry.legal_entity_id:
        return Match(Why.OTHER_ENTITY, WRONG_ENTITY, invoice.organization_id, invoice.pk)
    return Match(why, confidence, invoice.organization_id, invoice.pk)


def _by_number(entry: StatementEntry) -> Match | None:
    text = f"{entry.text} {entry.end_to_end} {entry.reference}".upper()
    numbers = {"-".join(found) for found in NUMBER.findall(text)}
    if not numbers:
        return None
    invoices = list(_invoices().filter(number__in=numbers)[:2])
    if len(invoices) > 1:
        return Match(Why.SEVERAL)
    if not invoices:
        return None
    is_exact = due_amount(invoices[0]) == entry.paid.amount
    return _of_invoice(
        entry, invoices[0], Why.NUMBER_IN_TEXT, NUMBER_AND_AMOUNT if is_exact else NUMBER_ALONE
    )


def _by_amount(entry: StatementEntry) -> Match | None:
    """Return the open invoice over just this sum whose customer has the payer's name: a proposal only."""
    begun = Reservation.objects.using("system").filter(
        invoice_id=OuterRef("pk"), captured_at=None, released_at=None
    )
    found = _invoices().filter(
        ~Exists(begun),
        status__in=PAYABLE,
        currency=entry.currency,
        total_amount=entry.paid.amount,
        legal_entity_id=entry.legal_entity_id,
    )
    candidates = found.order_by("due_on", "pk")[:MOST_CANDIDATES]
    rated = [(_rate(entry.name, invoice), invoice) for invoice in candidates]
    rated.sort(key=lambda one: -one[0])
    if not rated:
        return None
    alike = [invoice for rate, invoice in rated if rate >= ALIKE]
    best = rated[0][1]
    if alike:
        sure = NAME_ALIKE if len(alike) == 1 else NAME_AMONG_SEVERAL
        return Match(Why.AMOUNT_AND_NAME, sure, best.organization_id, best.pk)
    if len(rated) == 1:
        return Match(Why.AMOUNT, AMOUNT_ALONE, best.organization_id, best.pk)
    return None


def _rate(name: str, invoice: Invoice) -> int:
    buyer = invoice.buyer
    known = (buyer.get("name", ""), buyer.get("contact", ""), invoice.organization.name)
    return max((likeness(name, str(one)) for one in known if one), default=0)


def _invoices() -> QuerySet[Invoice]:
    """Return the invoices of all organizations that there still are."""
    invoices = Invoice.objects.using("system").select_related("organization")
    return invoices.filter(organization__deleted_at=None)
