"""All that the page of one invoice shows, read once, so that the template asks the database nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django_countries import countries

from billing.bank.models import BankReceipt
from billing.disputes.models import Dispute
from billing.invoices.late import late_money_of
from billing.invoices.models import CreditNote, Invoice, InvoiceLine
from billing.invoices.selectors import list_lines, list_transfers
from billing.invoices.status import InvoiceStatus
from billing.profiles.party import Party
from billing.tax.decision import REASONS
from billing.tax.proofs import name_countries
from billing.tax.quote import RateSum, sum_by_rate
from billing.tax.wording import percent
from manager.kit.money import Money
from organizations.profile.vat_numbers import printed_vat_number

TONES = {
    InvoiceStatus.DRAFT: "notice",
    InvoiceStatus.OPEN: "notice",
    InvoiceStatus.PAID: "positive",
    InvoiceStatus.CANCELLED: "neutral",
    InvoiceStatus.VOID: "neutral",
}


@dataclass(frozen=True, slots=True)
class LineOnPage:
    """A line with the days that it pays, both included, and its rate as people write it."""

    row: InvoiceLine
    percent: str
    first_day: date | None
    last_day: date | None


@dataclass(frozen=True, slots=True)
class InvoicePage:
    """One invoice as its page shows it."""

    title: str
    tone: str
    seller: Party
    buyer: Party
    lines: list[LineOnPage]
    rates: tuple[RateSum, ...]
    tax_reason: str
    evidence: list[tuple[str, str]]
    attempts: list[object]
    credit_notes: list[CreditNote]
    transfers: list[BankReceipt]
    refunds: list[object]
    disputes: list[Dispute]
    late: Money
    is_pro_forma: bool
    can_pay: bool
    can_cancel: bool
    can_void: bool


def build_invoice_page(*, invoice: Invoice, can_manage: bool) -> InvoicePage:
    """Read what the page of `invoice` shows."""
    lines = list_lines(invoice=invoice)
    return InvoicePage(
        title=title_of(invoice),
        tone=TONES[InvoiceStatus(invoice.status)],
        seller=Party.from_json(invoice.seller),
        buyer=Party.from_json(invoice.buyer),
        lines=[_line(line) for line in lines],
        rates=sum_by_rate([(line.tax_rate, line.net, line.tax) for line in lines], invoice.currency),
        tax_reason=_why(invoice, lines),
        evidence=_evidence(invoice),
        attempts=list(invoice.attempts.filter(organization_id=invoice.organization_id).order_by("-id")),
        credit_notes=list(
            invoice.credit_notes.filter(organization_id=invoice.organization_id).order_by("id")
        ),
        refunds=list(
            invoice.refunds.filter(organization_id=invoice.organization_id)
            .select_related("credit_note")
            .order_by("id")
        ),
        disputes=_disputes(invoice),
        late=late_money_of(invoice=invoice),
        transfers=list_transfers(invoice=invoice),
        is_pro_forma=invoice.status == InvoiceStatus.DRAFT,
        can_pay=can_manage and invoice.is_payable,
        can_cancel=can_manage and invoice.status == InvoiceStatus.DRAFT,
        can_void=can_manage and invoice.status == InvoiceStatus.OPEN,
    )


def _why(invoice: Invoice, lines: Sequence[InvoiceLine]) -> str:
    """Return the rule of the VAT, and those of what was paid under another one and is set off (BIL-6)."""
    rules = dict.fromkeys([invoice.tax_code, *(line.tax_rule for line in lines)])
    return " ".join(str(REASONS[code]) for code in rules)


def _disputes(invoice: Invoice) -> list[Dispute]:
    """Return the disputes of its payments; an invoice that is not paid has none."""
    if invoice.status != InvoiceStatus.PAID:
        return []
    found = Dispute.objects.filter(organization_id=invoice.organization_id, attempt__invoice=invoice)
    return list(found.order_by("id"))


def title_of(invoice: Invoice) -> str:
    """Return how people call an invoice: by its number, before that as a pro forma."""
    if invoice.number:
        return _("Invoice %(number)s") % {"number": invoice.number}
    return _("Pro forma %(number)s") % {"number": invoice.pk}


def _line(line: InvoiceLine) -> LineOnPage:
    if line.period is None:
        return LineOnPage(line, percent(line.tax_rate), None, None)
    return LineOnPage(line, percent(line.tax_rate), line.period.lower, line.period.upper - timedelta(days=1))


def _evidence(invoice: Invoice) -> list[tuple[str, str]]:
    """Return why the VAT is what it is, as people read it."""
    kept = invoice.tax_evidence
    checks = {
        "form": _("valid form, not confirmed by a register"),
        "register": _("confirmed by its register"),
        "not_registered": _("not known to its register: not taken into account"),
        "invalid": _("not valid: not taken into account"),
        "none": _("none given"),
    }
    number = checks.get(kept["vat_number_check"], "")
    if kept["vat_number"]:
        number = f"{printed_vat_number(kept['vat_number'])} ({number})"
    told = [
        (_("Seller's country"), str(countries.name(kept["seller_country"]))),
        (_("Customer's country"), str(countries.name(kept["buyer_country"]))),
        (_("VAT number"), number),
        (_("Rates of"), date_format(date.fromisoformat(kept["on"]))),
    ]
    if kept.get("vat_answered_at"):
        answered = date_format(datetime.fromisoformat(kept["vat_answered_at"]).date())
        told.append((_("Answer of the register"), f"{answered} {kept.get('vat_reference', '')}".strip()))
    if kept.get("countries"):
        told.append((_("Where the customer is, by source"), name_countries(kept["countries"])))
        agree = _("They agree") if kept["countries_agree"] else _("They differ")
        told.append((_("Comparison"), agree))
    if "countries_proved" in kept:
        proved = _("Two independent sources") if kept["countries_proved"] else _("Fewer than two sources")
        told.append((_("Proof of the country"), proved))
    return told
