"""What stands on a document, in its language, as plain values for the typesetter."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from babel.dates import format_date
from babel.numbers import format_decimal
from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from billing.documents.logo import read_logo
from billing.documents.payment import payment_content
from billing.invoices.models import CreditNote, Invoice, InvoiceLine
from billing.invoices.services.credit import CreditedLine
from billing.profiles.party import Party
from billing.tax.decision import DOMESTIC, REASONS
from billing.tax.quote import RateSum, sum_by_rate
from billing.tax.wording import percent
from manager.kit.clock import day_in
from manager.kit.money import Money

Amounts = tuple[int, Money, Money]
"""The rate of VAT of a line in basis points, its net, its VAT."""


def invoice_content(*, invoice: Invoice, lines: Sequence[InvoiceLine]) -> dict[str, Any]:
    """Return the content of a numbered invoice. It says nothing that changes later."""
    with translation.override(invoice.language):
        number = str(invoice.number)
        content = _bill(invoice, lines)
        content |= {
            "title": _("Invoice %(number)s") % {"number": number},
            "heading": _("Invoice"),
            "number": number,
            "facts": _facts(
                (_("Invoice number"), number), (_("Date"), _day(invoice.issued_on)), *_payment(invoice)
            ),
            "payment": payment_content(invoice, message=_("Invoice %(number)s") % {"number": number}),
        }
        return content


def pro_forma_content(*, invoice: Invoice, lines: Sequence[InvoiceLine]) -> dict[str, Any]:
    """Return the content of a draft's pro forma (BIL-4)."""
    with translation.override(invoice.language):
        drawn_up = day_in(invoice.organization.time_zone, invoice.created_at)
        content = _bill(invoice, lines)
        content |= {
            "title": _("Pro forma %(number)s") % {"number": invoice.pk},
            "heading": _("Pro forma"),
            "stamp": _("Pro forma"),
            "number": str(invoice.pk),
            "notice": _(
                "This pro forma has no legal, tax or accounting value. The invoice is issued once it is paid."
            ),
            "facts": _facts(
                (_("Reference"), str(invoice.pk)),
                (_("Date"), _day(drawn_up)),
                (_("Pay by"), _day(invoice.due_on)),
            ),
            "payment": payment_content(invoice, message=_("Pro forma %(number)s") % {"number": invoice.pk}),
        }
        return content


def credit_note_content(
    *, note: CreditNote, invoice: Invoice, lines: Sequence[InvoiceLine]
) -> dict[str, Any]:
    """Return the content of a credit note over its own lines, else over the whole invoice (BIL-5, BIL-14)."""
    currency = invoice.currency
    with translation.override(invoice.language):
        if note.lines:
            credited = [CreditedLine.from_json(row, currency) for row in note.lines]
            amounts = [(line.rate, line.net, line.tax) for line in credited]
            content = _base(invoice, amounts, [_credited(line) for line in credited], sign=-1)
        else:
            content = _base(invoice, _amounts(lines), [_line(line, currency, -1) for line in lines], sign=-1)
        content |= {
            "title": _("Credit note %(number)s") % {"number": note.number},
            "heading": _("Credit note"),
            "number": note.number,
            "subheading": _("for invoice %(number)s of %(date)s")
            % {"number": invoice.number, "date": _day(invoice.issued_on)},
            "notice": _("Reason: %(reason)s") % {"reason": note.reason},
            "facts": _facts((_("Credit note number"), note.number), (_("Date"), _day(note.issued_on))),
        }
        content["labels"]["total"] = _("Total credited")
        return content


def _bill(invoice: Invoice, lines: Sequence[InvoiceLine]) -> dict[str, Any]:
    return _base(invoice, _amounts(lines), [_line(line, invoice.currency) for line in lines])


def _amounts(lines: Sequence[InvoiceLine]) -> list[Amounts]:
    return [(line.tax_rate, line.net, line.tax) for line in lines]


def _base(
    invoice: Invoice, amounts: Sequence[Amounts], rows: list[dict[str, Any]], sign: int = 1
) -> dict[str, Any]:
    seller, buyer = Party.from_json(invoice.seller), Party.from_json(invoice.buyer)
    currency = invoice.currency
    sums = sum_by_rate(amounts, currency)
    net = Money.total((each.net for each in sums), currency)
    total = net + Money.total((each.tax for each in sums), currency)
    return {
        "language": invoice.language,
        "brand": {
            "name": settings.BRAND_NAME,
            "initial": settings.BRAND_NAME[:1].upper(),
            "accent": settings.BRAND_ACCENT,
        },
        "seller": {"name": seller.name, "lines": _party_lines(seller), "line": _party_line(seller)},
        "buyer": {"lines": _party_lines(buyer)},
        "subheading": None,
        "notice": None,
        "stamp": None,
        "payment": None,
        "logo": read_logo(legal_entity=invoice.legal_entity),
        "labels": _labels(currency),
        "lines": rows,
        "net": _number(net * sign),
        "rates": [_rate(each, sign) for each in sums],
        "total": (total * sign).format(invoice.language),
        "notes": _notes(invoice),
    }


def _labels(currency: str) -> dict[str, Any]:
    return {
        "buyer": _("Billed to"),
        "seller": _("From"),
        "columns": [
            _("Description"),
            _("Quantity"),
            _("Unit price"),
            _("VAT"),
            _("Amount in %(currency)s") % {"currency": currency},
        ],
        "net": _("Total without VAT"),
        "total": _("Total with VAT"),
        "page": _("Page %(page)s of %(pages)s") % {"page": "{page}", "pages": "{pages}"},
    }


def _line(line: InvoiceLine, currency: str, sign: int = 1) -> dict[str, Any]:
    return {
        "description": line.description,
        "hint": _hint(line, currency),
        "quantity": format_decimal(line.quantity, locale=_locale()),
        "unit": _number(Money(line.unit_amount, currency)),
        "rate": percent(line.tax_rate),
        "net": _number(Money(line.net_amount, currency) * sign),
    }


def _credited(line: CreditedLine) -> dict[str, Any]:
    amounts = {"unit": _number(line.net), "rate": percent(line.rate), "net": _number(-line.net)}
    return {"description": line.description, "hint": None, "quantity": "1", **amounts}


def _hint(line: InvoiceLine, currency: str) -> str | None:
    """Return what stands below a line: its days, and what was taken off it (BIL-13)."""
    period = _period(line)
    if not line.discount_amount:
        return period
    discount = _("Discount %(code)s: %(amount)s") % {
        "code": line.discounted_by,
        "amount": _number(-Money(line.discount_amount, currency)),
    }
    return f"{period} · {discount}" if period else discount


def _period(line: InvoiceLine) -> str | None:
    if line.period is not None:
        last = line.period.upper - timedelta(days=1)
        return _("%(first)s to %(last)s") % {"first": _day(line.period.lower), "last": _day(last)}
    if line.months:
        months = ngettext(
            "%(count)s month from the payment on", "%(count)s months from the payment on", line.months
        )
        return months % {"count": line.months}
    return None


def _rate(each: RateSum, sign: int) -> dict[str, str]:
    name = _("VAT %(rate)s on %(net)s") % {"rate": percent(each.rate), "net": _number(each.net * sign)}
    return {"name": name, "tax": _number(each.tax * sign)}


def _notes(invoice: Invoice) -> list[str]:
    notes = []
    if invoice.tax_code != DOMESTIC:
        notes.append(str(REASONS[invoice.tax_code]))
    notes.append(_("VAT is computed for each line and rounded to the nearest cent, halves upwards."))
    return notes


def _payment(invoice: Invoice) -> list[tuple[str, str]]:
    if invoice.paid_at is None:
        return [(_("Pay by"), _day(invoice.due_on))]
    paid_on = day_in(invoice.legal_entity.time_zone, invoice.paid_at)
    facts = [(_("Paid on"), _day(paid_on))]
    return [*facts, (_("Paid with"), invoice.paid_with)] if invoice.paid_with else facts


def _facts(*facts: tuple[str, str]) -> list[dict[str, str]]:
    return [{"name": name, "value": value} for name, value in facts]


def _party_lines(party: Party) -> list[str]:
    lines = [party.name, party.street, party.locality, party.country_name]
    if party.vat_number:
        lines.append(_("VAT number %(number)s") % {"number": party.vat_number})
    return [line for line in lines if line]


def _party_line(party: Party) -> str:
    return " · ".join(line for line in (party.name, party.street, party.locality, party.vat_number) if line)


def _locale() -> str:
    return (translation.get_language() or "en").replace("-", "_")


def _day(day: date | None) -> str:
    return format_date(day, format="long", locale=_locale()) if day else ""


def _number(amount: Money) -> str:
    return format_decimal(amount.as_decimal(), format="#,##0.00", locale=_locale())
