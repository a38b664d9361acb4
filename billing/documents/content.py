"""What stands on a document, in its language, as plain values for the typesetter."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from babel.numbers import format_decimal
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from billing.documents.payment import payment_content
from billing.documents.sheet import day, facts, locale, number, sheet
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
        name = str(invoice.number)
        content = _bill(invoice, lines)
        content |= {
            "title": _("Invoice %(number)s") % {"number": name},
            "heading": _("Invoice"),
            "number": name,
            "facts": facts(
                (_("Invoice number"), name),
                (_("Date"), day(invoice.issued_on)),
                *_order_number(invoice),
                *_payment(invoice),
            ),
            "payment": payment_content(invoice, message=_("Invoice %(number)s") % {"number": name}),
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
            "facts": facts(
                (_("Reference"), str(invoice.pk)),
                (_("Date"), day(drawn_up)),
                *_order_number(invoice),
                (_("Pay by"), day(invoice.due_on)),
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
            rows, codes = [_credited(line) for line in credited], [line.code for line in credited]
        else:
            amounts, codes = _amounts(lines), [line.tax_code for line in lines]
            rows = [_line(line, currency, -1) for line in lines]
        content = _base(invoice, amounts, rows, codes, sign=-1)
        content |= {
            "title": _("Credit note %(number)s") % {"number": note.number},
            "heading": _("Credit note"),
            "number": note.number,
            "subheading": _("for invoice %(number)s of %(date)s")
            % {"number": invoice.number, "date": day(invoice.issued_on)},
            "notice": _("Reason: %(reason)s") % {"reason": note.told_reason},
            "facts": facts((_("Credit note number"), note.number), (_("Date"), day(note.issued_on))),
        }
        content["labels"]["total"] = _("Total credited")
        return content


def _bill(invoice: Invoice, lines: Sequence[InvoiceLine]) -> dict[str, Any]:
    rows = [_line(line, invoice.currency) for line in lines]
    return _base(invoice, _amounts(lines), rows, [line.tax_code for line in lines])


def _amounts(lines: Sequence[InvoiceLine]) -> list[Amounts]:
    return [(line.tax_rate, line.net, line.tax) for line in lines]


def _base(
    invoice: Invoice,
    amounts: Sequence[Amounts],
    rows: list[dict[str, Any]],
    codes: Sequence[str],
    sign: int = 1,
) -> dict[str, Any]:
    seller, buyer = Party.from_json(invoice.seller), Party.from_json(invoice.buyer)
    currency = invoice.currency
    sums = sum_by_rate(amounts, currency)
    net = Money.total((each.net for each in sums), currency)
    total = net + Money.total((each.tax for each in sums), currency)
    content = sheet(language=invoice.language, seller=seller, buyer=buyer, entity=invoice.legal_entity)
    return content | {
        "labels": content["labels"] | _labels(currency),
        "lines": rows,
        "net": number(net * sign),
        "rates": [_rate(each, sign) for each in sums],
        "total": (total * sign).format(invoice.language),
        "notes": _notes(invoice, codes),
    }


def _labels(currency: str) -> dict[str, Any]:
    return {
        "columns": [
            _("Description"),
            _("Quantity"),
            _("Unit price"),
            _("VAT"),
            _("Amount in %(currency)s") % {"currency": currency},
        ],
        "net": _("Total without VAT"),
        "total": _("Total with VAT"),
    }


def _line(line: InvoiceLine, currency: str, sign: int = 1) -> dict[str, Any]:
    return {
        "description": line.description,
        "hint": _hint(line, currency),
        "quantity": format_decimal(line.quantity, locale=locale()),
        "unit": number(Money(line.unit_amount, currency)),
        "rate": percent(line.tax_rate),
        "net": number(Money(line.net_amount, currency) * sign),
    }


def _credited(line: CreditedLine) -> dict[str, Any]:
    amounts = {"unit": number(line.net), "rate": percent(line.rate), "net": number(-line.net)}
    return {"description": line.description, "hint": None, "quantity": "1", **amounts}


def _hint(line: InvoiceLine, currency: str) -> str | None:
    """Return what stands below a line: its days, and what was taken off it (BIL-13)."""
    period = _period(line)
    if not line.discount_amount:
        return period
    discount = _("Discount %(code)s: %(amount)s") % {
        "code": line.discounted_by,
        "amount": number(-Money(line.discount_amount, currency)),
    }
    return f"{period} · {discount}" if period else discount


def _period(line: InvoiceLine) -> str | None:
    if line.period is not None:
        last = line.period.upper - timedelta(days=1)
        return _("%(first)s to %(last)s") % {"first": day(line.period.lower), "last": day(last)}
    if line.months:
        months = ngettext(
            "%(count)s month from the payment on", "%(count)s months from the payment on", line.months
        )
        return months % {"count": line.months}
    return None


def _rate(each: RateSum, sign: int) -> dict[str, str]:
    name = _("VAT %(rate)s on %(net)s") % {"rate": percent(each.rate), "net": number(each.net * sign)}
    return {"name": name, "tax": number(each.tax * sign)}


def _notes(invoice: Invoice, codes: Sequence[str]) -> list[str]:
    """Return the rules of the VAT of all lines, whose `codes` are empty where it is the invoice's."""
    rules = dict.fromkeys(code or invoice.tax_code for code in codes)
    notes = [str(REASONS[code]) for code in rules if code != DOMESTIC]
    notes.append(_("VAT is computed for each line and rounded to the nearest cent, halves upwards."))
    return notes


def _order_number(invoice: Invoice) -> list[tuple[str, str]]:
    """Return the organization's own number of the order, where it has one (BIL-4)."""
    return [(_("Your order number"), invoice.purchase_order)] if invoice.purchase_order else []


def _payment(invoice: Invoice) -> list[tuple[str, str]]:
    if invoice.paid_at is None:
        return [(_("Pay by"), day(invoice.due_on))]
    paid_on = day_in(invoice.legal_entity.time_zone, invoice.paid_at)
    paid = [(_("Paid on"), day(paid_on))]
    return [*paid, (_("Paid with"), invoice.means)] if invoice.paid_with else paid
