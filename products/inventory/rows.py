"""Products as lists and pages show them: with words, prices and what the member may do."""

from collections.abc import Mapping, Sequence
from datetime import date

from manager.kit.clock import day_in
from manager.kit.money import Money
from organizations.access.guard import OrganizationRequest
from organizations.access.roles import Permission
from products.catalog.price_book import read_price_book
from products.catalog.pricing import PriceBook, find_parts, sum_of
from products.inventory.labels import ProductRow
from products.inventory.models import Product
from products.inventory.option_labels import describe_options


def today_of(request: OrganizationRequest) -> date:
    """Return the day that it is in the organization's zone."""
    return day_in(request.organization.time_zone, request.at)


def may_manage(request: OrganizationRequest, product: Product) -> bool:
    """Return whether the member may change this product (ORG-13)."""
    return Permission.PRODUCTS_MANAGE in request.can and request.product_scope.may_manage(
        product.pk, product.family
    )


def build_rows(
    request: OrganizationRequest,
    products: Sequence[Product],
    options: Mapping[int, Mapping[str, int]],
    *,
    priced: bool = True,
) -> list[ProductRow]:
    """Return the products in rows, with their `options` by id; prices only where they are `priced`."""
    today = today_of(request)
    book = None
    if priced:
        plans = [product.plan for product in products]
        book = read_price_book(plans=plans, currency=request.organization.currency, on=today)
    return [
        ProductRow(
            product,
            today,
            _price(book, product, options[product.pk]) if book else None,
            may_manage=may_manage(request, product),
            options=describe_options(book, product, options[product.pk]) if book else (),
        )
        for product in products
    ]


def _price(book: PriceBook, product: Product, options: Mapping[str, int]) -> Money | None:
    parts = find_parts(
        book, plan=product.plan, months=product.months, quantity=product.quantity, options=options
    )
    return sum_of(parts) if parts else None
