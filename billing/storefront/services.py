"""A visitor's cart becomes that of an organization."""

from collections.abc import Sequence
from datetime import datetime

from billing.orders.models import CartLine
from billing.orders.services import add_to_cart
from billing.storefront.cart import VisitorLine, as_cart_lines
from manager.kit.errors import DomainError
from organizations.profile.models import Organization


def take_over_cart(
    *, organization: Organization, lines: Sequence[VisitorLine], person_id: int | None, at: datetime
) -> list[tuple[CartLine, str]]:
    """Put the lines into the organization's cart, each once however often it is asked (PRD-3).

    Each is checked as if it was chosen now, in the organization's currency. Returns those that it cannot
    have, with the reason.
    """
    refused: list[tuple[CartLine, str]] = []
    for line in as_cart_lines(lines):
        try:
            add_to_cart(
                organization=organization,
                plan=line.plan,
                months=line.months,
                quantity=line.quantity,
                name=line.name,
                options=line.options,
                is_trial=line.is_trial,
                setup=line.setup,
                person_id=person_id,
                visitor_key=line.visitor_key,
                at=at,
            )
        except DomainError as error:
            refused.append((line, str(error.message)))
    return refused
