"""Carts and orders for tests, filled and placed by their verbs."""

from datetime import datetime
from itertools import count

from billing.orders.models import CartLine, Order
from billing.orders.selectors import get_order, price_cart
from billing.orders.services import add_to_cart, place_order
from billing.profiles.party import Party
from manager.kit.actor import Actor, ActorKind
from manager.kit.clock import day_in
from manager.kit.scope import tenant_scope
from organizations.profile.models import Organization
from products.catalog.models import Plan
from tests.factories.billing import make_legal_entity
from tests.factories.payments import now
from tests.factories.products import make_plan

_numbers = count(1)


def address_of(organization: Organization, **fields: str) -> Party:
    """Return a complete address in the organization's country."""
    values = {
        "name": organization.name,
        "kind": organization.kind,
        "street": "Bahnhofstrasse 1",
        "postal_code": "8001",
        "city": "Zürich",
        "country": str(organization.country),
        **fields,
    }
    return Party(**values)  # type: ignore[arg-type]


def fill_cart(
    organization: Organization,
    plan: Plan | None = None,
    *,
    months: int = 12,
    quantity: int = 1,
    name: str = "",
    options: dict[str, int] | None = None,
    is_trial: bool = False,
    at: datetime | None = None,
) -> CartLine:
    """Put a plan into the cart by its verb."""
    with tenant_scope(organization.pk):
        return add_to_cart(
            organization=organization,
            plan=plan or make_plan(),
            months=months,
            quantity=quantity,
            name=name,
            options=options,
            is_trial=is_trial,
            at=at or now(),
        )


def total_of(organization: Organization, buyer: Party | None = None, *, at: datetime | None = None) -> int:
    """Return the total with VAT of the cart, as its checkout shows it."""
    with tenant_scope(organization.pk):
        today = day_in(organization.time_zone, at or now())
        priced = price_cart(organization=organization, buyer=buyer or address_of(organization), on=today)
    assert priced.quote is not None
    return priced.quote.total.amount


def confirm_cart(
    organization: Organization,
    *,
    key: str = "",
    total: int | None = None,
    address: Party | None = None,
    user_id: int | None = None,
    at: datetime | None = None,
) -> Order:
    """Place the cart's order at the total that is shown, unless another is given."""
    make_legal_entity()
    at = at or now()
    buyer = address or address_of(organization)
    shown = total_of(organization, buyer, at=at) if total is None else total
    with tenant_scope(organization.pk):
        return place_order(
            organization=organization,
            address=buyer,
            confirmation_key=key or f"{next(_numbers):032x}",
            confirmed_total=shown,
            actor=Actor(ActorKind.PERSON, user_id or 0, "Alice Meier"),
            at=at,
        )


def make_order(organization: Organization, plan: Plan | None = None, *, quantity: int = 1) -> Order:
    """Return a pending order over one plan, read as pages read it."""
    fill_cart(organization, plan, quantity=quantity)
    return reread_order(confirm_cart(organization), organization)


def reread_order(order: Order, organization: Organization) -> Order:
    """Return the order as the database has it now."""
    with tenant_scope(organization.pk):
        return get_order(organization=organization, order_id=order.pk)
