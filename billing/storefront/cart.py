"""A visitor's cart: a signed cookie, so that nothing is stored of somebody whom the panel does not know.

It holds choices, never prices: what they cost is read when they are shown, and each is checked again
when the cart becomes that of an organization (PRD-3, INC-27).
"""

import secrets
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from billing.orders.models import CartLine
from billing.orders.services.cart import CartFull
from manager.kit.errors import NotFound
from products.catalog.selectors import list_plans

SALT = "billing.storefront.cart"
AGE_SECONDS = 60 * 60 * 24 * 30
MOST_LINES = 20
# What browsers keep of one cookie, with its name and attributes.
MOST_BYTES = 3600


class LineGone(NotFound):
    """The visitor's cart has no such line."""

    message = _("This line is no longer in the cart.")


@dataclass(frozen=True, slots=True)
class VisitorLine:
    """What a visitor chose of a plan; `key` names the line for as long as the cart lasts."""

    plan: str
    months: int
    quantity: int = 1
    name: str = ""
    options: dict[str, int] = field(default_factory=dict)
    is_trial: bool = False
    setup: dict[str, str] = field(default_factory=dict)
    key: str = field(default_factory=lambda: secrets.token_hex(8))


def read_cart(request: HttpRequest) -> list[VisitorLine]:
    """Return the lines of the visitor's cart; none where the cookie is missing, old or not signed here."""
    try:
        rows: Any = signing.loads(request.COOKIES.get(_name(), ""), salt=SALT, max_age=AGE_SECONDS)
        return [VisitorLine(**row) for row in rows]
    except (signing.BadSignature, TypeError, ValueError):
        return []


def write_cart(response: HttpResponse, lines: Sequence[VisitorLine]) -> None:
    """Keep the lines in the visitor's browser.

    :raises CartFull: there are too many.
    """
    if not lines:
        response.delete_cookie(_name(), samesite="Lax")
        return
    value = signing.dumps([asdict(line) for line in lines], salt=SALT, compress=True)
    if len(lines) > MOST_LINES or len(value) > MOST_BYTES:
        raise CartFull(_("The cart is full. Please register or sign in, and order what is in it first."))
    response.set_cookie(
        _name(),
        value,
        max_age=AGE_SECONDS,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )


def line_of(choice: CartLine) -> VisitorLine:
    """Return a checked choice as a line of a visitor's cart."""
    return VisitorLine(
        plan=choice.plan.slug,
        months=choice.months,
        quantity=choice.quantity,
        name=choice.name,
        options=dict(choice.options),
        is_trial=choice.is_trial,
        setup=dict(choice.setup),
    )


def add_line(lines: Sequence[VisitorLine], line: VisitorLine) -> list[VisitorLine]:
    """Return the lines with `line`; the same name of the same plan is replaced, not had twice."""
    others = [row for row in lines if not line.name or (row.plan, row.name) != (line.plan, line.name)]
    return [*others, line]


def find_line(lines: Sequence[VisitorLine], key: str) -> VisitorLine:
    """Return the line called `key`.

    :raises LineGone: there is none.
    """
    for line in lines:
        if line.key == key:
            return line
    raise LineGone


def as_cart_lines(lines: Sequence[VisitorLine]) -> list[CartLine]:
    """Return the lines as those of a cart that nobody owns, without those of plans that are gone."""
    plans = {plan.slug: plan for plan in list_plans().filter(slug__in={line.plan for line in lines})}
    return [
        CartLine(
            plan=plans[line.plan],
            months=line.months,
            quantity=line.quantity,
            name=line.name,
            options=line.options,
            is_trial=line.is_trial,
            setup=line.setup,
            visitor_key=line.key,
        )
        for line in lines
        if line.plan in plans
    ]


def _name() -> str:
    return "__Host-visitor-cart" if settings.SESSION_COOKIE_SECURE else "visitor-cart"
