"""The lines of a change: what is wanted for the days to come, less what is paid for them already."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from billing.changes.offer import Offer
from billing.changes.stored import ChargedDays, GivenBack
from billing.invoices.models import InvoiceLine
from billing.tax.quote import Credit, LineInput
from products.catalog.pricing import PLAN, PriceBook, label_of
from products.inventory.models import Product


def charge_lines(
    *, product: Product, offer: Offer, book: PriceBook, charges: Sequence[ChargedDays]
) -> list[LineInput]:
    """Return the lines that charge `offer`, described in the active language."""
    return [
        LineInput(
            description=f"{_label(offer, book, row.component)} – {product.name}, {_days(row.first, row.end)}",
            unit=row.net,
            months=row.months,
            product=product,
            period=(row.first, row.end),
            component=row.component,
        )
        for row in charges
    ]


def credit_lines(
    *, product: Product, used: Sequence[GivenBack], told: Mapping[int, str] | None = None
) -> list[LineInput]:
    """Return the lines that set off what was paid, at the VAT of then, described in the active language.

    They name the paid lines as `told` does, by their ids; without it in the words of the invoice.
    """
    if told is None:
        told = _as_invoiced(product, used)
    return [
        LineInput(
            description=_("Unused: %(line)s") % {"line": told.get(row.line, "")},
            unit=-row.net,
            product=product,
            component=row.component,
            credit=Credit(row.net, row.tax, row.rate, row.code),
        )
        for row in used
    ]


def name_credited(*, product: Product, rows: Sequence[GivenBack]) -> list[str]:
    """Return what a credit note says of each row, in the active language.

    A set-off that is taken back says what it said on its invoice.
    """
    told = _as_invoiced(product, rows)
    texts = [line.description for line in credit_lines(product=product, used=rows, told=told)]
    return [
        told.get(row.line, text) if row.gross.amount < 0 else text
        for row, text in zip(rows, texts, strict=True)
    ]


def name_paid_lines(
    *, product: Product, former: Offer, book: PriceBook, used: Sequence[GivenBack]
) -> dict[int, str]:
    """Return for each paid line what it paid of the `former` offer, in the active language.

    A page reads so, whose reader may know another language than that of the invoice.
    """
    return {row.line: f"{_label(former, book, row.component)} – {product.name}" for row in used}


def _as_invoiced(product: Product, used: Sequence[GivenBack]) -> dict[int, str]:
    lines = InvoiceLine.objects.filter(
        organization_id=product.organization_id, pk__in={row.line for row in used}
    )
    return dict(lines.values_list("pk", "description"))


def _label(offer: Offer, book: PriceBook, component: str) -> str:
    times = f"{offer.quantity} × " if offer.quantity > 1 else ""
    if component == PLAN:
        return f"{times}{offer.plan.name}"
    known = book.options_of(offer.plan).get(component)
    return times + (label_of(known.option, offer.options.get(component, 1)) if known else component)


def _days(first: date, end: date) -> str:
    last = end - timedelta(days=1)
    days = {
        "first": date_format(first),
        "last": date_format(last),
    }
    return _("%(first)s to %(last)s") % days
