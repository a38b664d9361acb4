"""What the pages of a visitor show: the cart with its prices, and the frame around it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.http import HttpRequest

from billing.orders.page import ShownLine, show_lines
from billing.orders.selectors import price_each
from billing.orders.shelves import Shop
from billing.storefront.cart import VisitorLine, as_cart_lines
from billing.storefront.currency import CODES, currency_for
from manager.kit.clock import day_in
from manager.kit.money import Money
from products.catalog.price_book import read_price_book

SHOP = Shop()


@dataclass(frozen=True, slots=True)
class VisitorCart:
    """A visitor's cart with today's prices; `gone` are lines not sold any more as they were chosen."""

    lines: list[ShownLine]
    gone: list[VisitorLine]
    net: Money


def today_of(at: datetime) -> date:
    """Return the day on which prices are read for visitors: that of the panel."""
    return day_in(settings.TIME_ZONE, at)


def price_visitor_cart(*, lines: Sequence[VisitorLine], currency: str, on: date) -> VisitorCart:
    """Return the cart with the prices of the day `on`, without VAT: who buys is not known yet."""
    rows = as_cart_lines(lines)
    book = read_price_book(plans=[row.plan for row in rows], currency=currency, on=on)
    sold, _unavailable = price_each(lines=rows, book=book)
    kept = {row.line.visitor_key for row in sold}
    return VisitorCart(
        lines=show_lines(sold, book=book, on=on),
        gone=[line for line in lines if line.key not in kept],
        net=Money.total((row.net for row in sold), currency),
    )


def frame(request: HttpRequest) -> dict[str, Any]:
    """Return what every page of a visitor knows: the currency, and those it could be switched to."""
    currency = currency_for(request)
    return {"shop": SHOP, "currency": currency, "currencies": [code for code in CODES if code != currency]}
