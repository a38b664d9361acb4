"""What restoring a domain costs, and the invoice that waits for it."""

from dataclasses import dataclass
from datetime import date

from django.utils import translation
from django.utils.translation import gettext as _

from billing.invoices.lines import renewal_lines
from billing.invoices.models import Invoice
from billing.invoices.status import InvoiceStatus
from billing.profiles.selectors import common_address, default_entity
from billing.restores.errors import FeeUnknown, RestoreRefused
from billing.tax.quote import LineInput, Quote, quote
from manager.kit.fields import PERIOD_MONTHS
from manager.kit.money import Money
from products.catalog.models import Purpose
from products.catalog.price_book import read_price_book
from products.catalog.pricing import offered_months
from products.catalog.selectors import find_price
from products.inventory.models import Product
from products.inventory.selectors import find_options
from products.inventory.services import next_period
from products.inventory.status import ProductStatus

ORIGIN = "restore"
FEE = "restore"
"""The component of the fee's line."""


@dataclass(frozen=True, slots=True)
class RestoreOffer:
    """What restoring a domain costs: the `fee` and its renewal by `months`, one of `choices`."""

    product: Product
    fee: Money
    months: int
    choices: tuple[int, ...]
    until: date
    lines: tuple[LineInput, ...]
    quote: Quote


def offer_restore(
    *, product: Product, today: date, months: int | None = None, language: str = ""
) -> RestoreOffer:
    """Return the offer for a domain in redemption, at the prices of `today`; by default as it renewed.

    A period that would have passed already is not offered. Its lines are written in `language`, by default
    that of the organization's documents.

    :raises RestoreRefused: it is not in redemption, or is not sold for `months`.
    :raises FeeUnknown: the catalogue has no fee for it.
    """
    if product.status != ProductStatus.REDEMPTION:
        raise RestoreRefused
    organization = product.organization
    fee = find_price(
        plan=product.plan, months=0, currency=organization.currency, on=today, purpose=Purpose.RESTORE
    )
    if fee is None:
        raise FeeUnknown
    book = read_price_book(plans=[product.plan], currency=organization.currency, on=today)
    options = find_options([product])[product.pk]
    sold = offered_months(book, plan=product.plan, options=options)
    choices = tuple(
        length
        for length in PERIOD_MONTHS
        if length in sold and next_period(product=product, months=length)[1] > today
    )
    wanted = months if months is not None else product.months if product.months in choices else None
    chosen = wanted if wanted is not None else next(iter(choices), None)
    if chosen is None or chosen not in choices:
        raise RestoreRefused(field="months")
    period = next_period(product=product, months=chosen)
    language = language or organization.language
    with translation.override(language):
        label = _("Restoring %(name)s") % {"name": product.name}
    lines = (
        LineInput(
            description=label,
            unit=fee.money,
            quantity=product.quantity,
            months=None,
            product=product,
            period=None,
            component=FEE,
        ),
        *renewal_lines(
            book=book,
            product=product,
            options=options,
            months=chosen,
            period=period,
            language=language,
        ),
    )
    quoted = quote(
        lines=list(lines),
        buyer=common_address(organization=organization, product_ids=[product.pk]),
        seller=default_entity(),
        currency=organization.currency,
        on=today,
    )
    return RestoreOffer(product, fee.money, chosen, choices, period[1], lines, quoted)


def find_restore_invoice(*, product: Product) -> Invoice | None:
    """Return the invoice over a restore of this expiry that waits for its payment, or None."""
    return Invoice.objects.filter(
        organization_id=product.organization_id,
        origin=ORIGIN,
        origin_key__startswith=f"{ORIGIN}:{product.pk}:{product.expires_on}:",
        status__in=[InvoiceStatus.DRAFT, InvoiceStatus.OPEN],
    ).first()
