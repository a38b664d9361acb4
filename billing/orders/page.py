"""What the cart and the checkout show: lines with their choices, addresses, totals."""

from dataclasses import dataclass

from billing.orders.models import CartLine
from billing.orders.selectors import PricedCart, price_cart
from billing.profiles.party import Party
from billing.profiles.selectors import list_addresses
from manager.kit.clock import day_in
from manager.kit.money import Money
from organizations.access.guard import OrganizationRequest
from products.catalog.labels import describe_period
from products.catalog.models import Purpose
from products.catalog.pricing import PricedPart, offered_months

OWN = "own"


@dataclass(frozen=True, slots=True)
class ShownLine:
    """A line of the cart with its periods to choose from and its price without VAT; `extras` are options."""

    line: CartLine
    extras: tuple[PricedPart, ...]
    net: Money
    periods: list[tuple[int, str]]
    period: str


@dataclass(frozen=True, slots=True)
class ShownCart:
    """The cart as a page shows it; `addresses` are (value, party), `chosen` the value of one of them."""

    priced: PricedCart
    lines: list[ShownLine]
    addresses: list[tuple[str, Party]]
    chosen: str
    buyer: Party
    has_address: bool


def build_cart(*, request: OrganizationRequest, address: str) -> ShownCart:
    """Return the cart of the request's organization, made out to `address` ("" for the default)."""
    organization = request.organization
    saved = list(list_addresses(organization=organization))
    addresses = [(str(row.pk), Party.of_address(row)) for row in saved]
    own = Party.of_organization(organization)
    if own.is_complete or not addresses:
        addresses.append((OWN, own))
    default = next((str(row.pk) for row in saved if row.is_default), "")
    known = dict(addresses)
    chosen = next(value for value in (address, default, OWN, addresses[0][0]) if value in known)
    buyer = known[chosen]
    today = day_in(organization.time_zone, request.at)
    priced = price_cart(organization=organization, buyer=buyer, on=today)
    return ShownCart(
        priced=priced,
        lines=_shown_lines(priced),
        addresses=addresses,
        chosen=chosen,
        buyer=buyer,
        has_address=buyer.is_complete,
    )


def _shown_lines(priced: PricedCart) -> list[ShownLine]:
    return [
        ShownLine(
            line=row.line,
            extras=row.parts[1:],
            net=row.net,
            periods=[
                (months, describe_period(months))
                for months in offered_months(
                    priced.book, plan=row.line.plan, options=row.line.options, purpose=Purpose.REGISTER
                )
            ],
            period=describe_period(row.line.months),
        )
        for row in priced.lines
    ]
