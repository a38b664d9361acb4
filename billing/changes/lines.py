"""The lines of a change: what is wanted for the days to come, less what is paid for them already."""

from collections.abc import Sequence
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


def credit_lines(*, product: Product, used: Sequence[GivenBack]) -> list[LineInput]:
    """Return the lines that set off what was paid, at the VAT of then, described in the active language."""
    lines = InvoiceLine.objects.filter(
        organization_id=product.organization_id, pk__in={row.line for row in used}
    )
    told = dict(lines.values_list("pk", "description"))
    return [
        LineInput(
            description=_("Unused: %(line)s") % {"line": told.get(row.line, "")},
            unit=-row.net,
            product=product,
            component=row.component,
            credit=Credit(row.net, row.tax, row.rate),
        )
        for row in used
    ]


def _label(offer: Offer, book: PriceBook, component: str) -> str:
    times = f"{offer.quantity} × " if offer.quantity > 1 else ""
    if component == PLAN:
        return f"{times}{offer.plan.name}"
    known = book.options_of(offer.plan).get(component)
    return times + (label_of(known.option, offer.options[component]) if known else component)


def _days(first: date, end: date) -> str:
    last = end - timedelta(days=1)
    days = {
        "first": date_format(first),
        "last": date_format(last),
    }
    return _("%(first)s to %(last)s") % days
