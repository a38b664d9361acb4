"""What the cart and the checkout show: lines with their choices, addresses, totals."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from billing.orders.models import CartLine
from billing.orders.selectors import PricedCart, PricedLine, price_cart
from billing.profiles.party import Party
from billing.profiles.selectors import list_addresses, with_number_state
from billing.promotions.models import FreeCredit
from billing.promotions.selectors import describe_credit, list_usable_credits
from manager.kit.clock import add_months, day_in
from manager.kit.money import Money
from organizations.access.guard import OrganizationRequest
from products.catalog.labels import describe_period
from products.catalog.models import Purpose
from products.catalog.pricing import PriceBook, PricedPart, offered_months
from products.catalog.setup import describe_setup

OWN = "own"


@dataclass(frozen=True, slots=True)
class ShownLine:
    """A line of the cart with its periods to choose from and its price without VAT; `extras` are options.

    `setup` names what was chosen for the setting up. `follows` tells what comes after a trial. `credits` are
    the free credits to choose from, as (value, label), empty where there is none.
    """

    line: CartLine
    extras: tuple[PricedPart, ...]
    setup: list[str]
    net: Money
    periods: list[tuple[int, str]]
    period: str
    follows: str
    credits: list[tuple[str, str]]

    @property
    def details(self) -> list[str]:
        """What tells the line from others of its plan: its name, options, and how it is set up."""
        told = [self.line.name, *(str(extra.label) for extra in self.extras), *self.setup]
        return [one for one in told if one]


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
    buyer = with_number_state(known[chosen], organization=organization)
    today = day_in(organization.time_zone, request.at)
    priced = price_cart(organization=organization, buyer=buyer, on=today)
    return ShownCart(
        priced=priced,
        lines=show_lines(
            priced.lines,
            book=priced.book,
            on=today,
            usable=list(list_usable_credits(organization_id=organization.pk, on=today)),
        ),
        addresses=addresses,
        chosen=chosen,
        buyer=buyer,
        has_address=buyer.is_complete,
    )


def show_lines(
    rows: Sequence[PricedLine], *, book: PriceBook, on: date, usable: Sequence[FreeCredit] = ()
) -> list[ShownLine]:
    """Return the priced lines as a cart shows them on the day `on`; `usable` are the free credits."""
    return [
        ShownLine(
            line=row.line,
            extras=row.parts[1:],
            setup=_describe_setup(book, row.line),
            net=row.net,
            periods=[
                (months, describe_period(months))
                for months in offered_months(
                    book, plan=row.line.plan, options=row.line.options, purpose=Purpose.REGISTER
                )
            ],
            period=describe_period(row.line.months),
            follows=describe_following(row, on=on),
            credits=_credits(row, usable),
        )
        for row in rows
    ]


def _describe_setup(book: PriceBook, line: CartLine) -> list[str]:
    return describe_setup(kind=line.plan.kind, options=book.options_of(line.plan), setup=line.setup)


def describe_following(row: PricedLine, *, on: date) -> str:
    """Return until when a trial that begins on the day `on` is free, and what it costs then; else ""."""
    if row.afterwards is None:
        return ""
    return _("Free until %(day)s, then %(amount)s without VAT for %(period)s, if you renew it.") % {
        "day": date_format(add_months(on, row.months), "DATE_FORMAT"),
        "amount": row.afterwards.format(),
        "period": describe_period(row.line.months),
    }


def _credits(row: PricedLine, usable: Sequence[FreeCredit]) -> list[tuple[str, str]]:
    """Return the free credits for the plan of a line, after the choice of none; nothing for a trial."""
    currency = row.net.currency
    mine = [
        credit
        for credit in usable
        if credit.plan_id == row.line.plan_id and credit.currency in ("", currency)
    ]
    if not mine or row.line.is_trial:
        return []
    return [("", _("No free credit")), *((str(credit.pk), _credit_label(credit)) for credit in mine)]


def _credit_label(credit: FreeCredit) -> str:
    if credit.valid_until is None:
        return describe_credit(credit)
    until = date_format(credit.valid_until)
    return _("%(credit)s, until %(day)s") % {"credit": describe_credit(credit), "day": until}
