"""Read carts and orders."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from django.db.models import OuterRef, Prefetch, QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from billing.invoices.lines import part_lines
from billing.invoices.selectors import NEWEST_FIRST, awaits_transfer
from billing.orders.discounts import Shares, lower_lines, with_discounts
from billing.orders.models import CartLine, Order, OrderLine
from billing.orders.status import OrderStatus
from billing.profiles.party import Party
from billing.profiles.selectors import default_entity
from billing.promotions.lowering import Lowered
from billing.promotions.models import PromoCode
from billing.promotions.selectors import list_cart_codes
from billing.tax.quote import LineInput, Quote, quote
from manager.kit.errors import DomainError, NotFound
from manager.kit.keyset import PAGE_SIZE, Page, paginate
from manager.kit.money import Money
from organizations.profile.models import Organization
from products.catalog.models import Purpose
from products.catalog.price_book import read_price_book
from products.catalog.pricing import (
    PLAN,
    PriceBook,
    PricedPart,
    clean_options,
    find_parts,
    price_parts,
    sum_of,
)
from products.inventory.models import Product


@dataclass(frozen=True, slots=True)
class PricedLine:
    """A line of the cart with what its plan and its options cost.

    Of a trial, `parts` are the free months, and `afterwards` is what each period costs that follows.
    `shares` are what codes and a free credit take off each part.
    """

    line: CartLine
    parts: tuple[PricedPart, ...]
    afterwards: Money | None = None
    shares: Shares = ()

    @property
    def months(self) -> int:
        """The period that the line pays."""
        return self.line.plan.trial_months if self.line.is_trial else self.line.months

    @property
    def net(self) -> Money:
        """The sum of the parts, without VAT."""
        return sum_of(self.parts)


@dataclass(frozen=True, slots=True)
class PricedCart:
    """The cart with what it costs. `unavailable` are lines that are no longer sold as they were put in."""

    lines: tuple[PricedLine, ...]
    book: PriceBook
    unavailable: tuple[CartLine, ...]
    quote: Quote | None
    lowered: Lowered


def list_cart_lines(*, organization: Organization) -> QuerySet[CartLine]:
    """Return the lines of the cart in the order in which they were put in."""
    return (
        CartLine.objects.filter(organization_id=organization.pk).select_related("plan__family").order_by("pk")
    )


def count_cart_lines(*, organization: Organization) -> int:
    """Return how many lines wait in the cart."""
    return CartLine.objects.filter(organization_id=organization.pk).count()


def price_cart(*, organization: Organization, buyer: Party, on: date) -> PricedCart:
    """Return the cart priced for `buyer` with the prices and VAT of the day `on`, as the invoice will be."""
    lines = list(list_cart_lines(organization=organization))
    codes = list_cart_codes(organization=organization)
    return price_lines(organization=organization, lines=lines, buyer=buyer, on=on, codes=codes)


def price_lines(
    *,
    organization: Organization,
    lines: Sequence[CartLine],
    buyer: Party,
    on: date,
    codes: Sequence[PromoCode] = (),
) -> PricedCart:
    """Return `lines`, with their plans, priced for `buyer` as `price_cart` prices what lies in the cart.

    Lowered by `codes`, and by the free credits that were chosen on the lines.
    """
    book = read_price_book(plans=[line.plan for line in lines], currency=organization.currency, on=on)
    sold, unavailable = price_each(lines=lines, book=book)
    sold, lowered = lower_lines(organization=organization, sold=sold, codes=codes, on=on)
    inputs = [row for line in sold for row in line_inputs(line=line)]
    return PricedCart(
        lines=tuple(sold),
        book=book,
        unavailable=tuple(unavailable),
        quote=_quote(inputs, buyer, organization, on) if inputs else None,
        lowered=lowered,
    )


def price_each(*, lines: Sequence[CartLine], book: PriceBook) -> tuple[list[PricedLine], list[CartLine]]:
    """Return the lines with their prices without VAT, and those not sold any more as they were put in."""
    sold: list[PricedLine] = []
    unavailable: list[CartLine] = []
    for line in lines:
        priced = _price_trial(line, book) if line.is_trial else _price(line, book)
        if priced is None:
            unavailable.append(line)
        else:
            sold.append(priced)
    return sold, unavailable


def _price_trial(line: CartLine, book: PriceBook) -> PricedLine | None:
    """Return the free months of a trial; what follows costs as much as any further period."""
    plan = line.plan
    following = find_parts(book, plan=plan, months=line.months, quantity=line.quantity, options=line.options)
    if not plan.is_orderable or not plan.trial_months or following is None:
        return None
    label = gettext("%(plan)s, free trial") % {"plan": plan.name}
    part = PricedPart(PLAN, label, Money.zero(book.currency), line.quantity)
    return PricedLine(line, (part,), sum_of(following))


def _price(line: CartLine, book: PriceBook) -> PricedLine | None:
    """Return what the line costs, or None when it is no longer sold as it was put in."""
    if not line.plan.is_orderable:
        return None
    try:
        options = clean_options(book, plan=line.plan, chosen=line.options)
        parts = price_parts(
            book,
            plan=line.plan,
            months=line.months,
            quantity=line.quantity,
            options=options,
            purpose=Purpose.REGISTER,
        )
    except DomainError:
        return None
    return PricedLine(line, parts)


def line_inputs(*, line: PricedLine, product: Product | None = None) -> list[LineInput]:
    """Return the lines that cart and invoice have for a line of the cart, described in the active language.

    `product` is what it becomes, once there is one. The parts are named as they were priced.
    """
    rows = part_lines(parts=line.parts, name=line.line.name, months=line.months, product=product)
    rows = with_discounts(rows, line.shares)
    return [replace(row, is_trial=True) for row in rows] if line.line.is_trial else rows


def _quote(inputs: Sequence[LineInput], buyer: Party, organization: Organization, on: date) -> Quote:
    return quote(lines=inputs, buyer=buyer, seller=default_entity(), currency=organization.currency, on=on)


def find_confirmed(*, organization: Organization, confirmation_key: str) -> Order | None:
    """Return the order that this confirmation has placed already, if it has."""
    orders = Order.objects.filter(organization_id=organization.pk, confirmation_key=confirmation_key)
    return orders.select_related("invoice__replaced_by").first()


def find_orders(*, organization_id: int, status: str = "") -> QuerySet[Order]:
    """Return the organization's orders, in no order."""
    orders = Order.objects.filter(organization_id=organization_id)
    return orders.filter(status=status) if status else orders


def list_orders(*, organization: Organization, status: str = "") -> QuerySet[Order]:
    """Return the organization's orders with their invoices and lines, newest first."""
    known = status if status in OrderStatus.values else ""
    orders = find_orders(organization_id=organization.pk, status=known)
    orders = orders.select_related("invoice__replaced_by", "hold").annotate(
        awaits_transfer=awaits_transfer(
            OuterRef("invoice_id"),
            OuterRef("invoice__replaced_by_id"),
            organization_id=organization.pk,
        )
    )
    lines = OrderLine.objects.filter(organization_id=organization.pk)
    # A product that went to another organization is not joined: its line stays, by the plan's name.
    lines = lines.select_related("plan").prefetch_related("product").order_by("pk")
    return orders.prefetch_related(Prefetch("lines", queryset=lines)).order_by("-pk")


def list_order_page(
    *,
    organization: Organization,
    status: str = "",
    after: str = "",
    before: str = "",
    size: int = PAGE_SIZE,
) -> Page[Order]:
    """Return one page of `list_orders`; `after` and `before` are cursors of a page.

    :raises CursorInvalid: a cursor was not made here.
    """
    found = list_orders(organization=organization, status=status)
    return paginate(found, key=NEWEST_FIRST, descending=True, after=after, before=before, size=size)


def list_pending_orders(*, organization: Organization) -> QuerySet[Order]:
    """Return the orders that wait for their payment, newest first (PRD-4)."""
    return list_orders(organization=organization, status=OrderStatus.PENDING)


def count_pending_orders(*, organization: Organization) -> int:
    """Return how many orders wait for their payment."""
    return Order.objects.filter(organization_id=organization.pk, status=OrderStatus.PENDING).count()


def get_order(*, organization: Organization, order_id: int) -> Order:
    """Return one order with its invoice and lines.

    :raises NotFound: the organization has no such order.
    """
    order = list_orders(organization=organization).filter(pk=order_id).first()
    if order is None:
        raise NotFound(_("This order does not exist."))
    return order
