"""Held orders, made by their payment, and rules that hold them."""

from typing import Any

from billing.holds.models import OrderHold
from billing.holds.rules import DEFAULTS
from billing.holds.services import change_rule
from billing.holds.status import RuleKind
from billing.orders.models import Order
from billing.payments.services import charge_off_session
from manager.kit.actor import Actor, ActorKind
from manager.kit.scope import tenant_scope
from organizations.profile.models import Organization
from tests.factories.billing import pay_invoice
from tests.factories.orders import confirm_cart, fill_cart, reread_order
from tests.factories.payments import make_method, now

STAFF = Actor(ActorKind.STAFF, None, "Sam Staff")


def switch_on(kind: str = RuleKind.FIRST_ORDER, **parameters: Any) -> None:
    """Let a rule hold orders."""
    change_rule(kind=kind, is_on=True, parameters={**DEFAULTS[kind], **parameters}, actor=STAFF, at=now())


def switch_off(kind: str = RuleKind.FIRST_ORDER) -> None:
    """Let a rule hold nothing any more."""
    change_rule(kind=kind, is_on=False, parameters=DEFAULTS[kind], actor=STAFF, at=now())


def place(organization: Organization, user_id: int | None = None, **fields: Any) -> Order:
    """Return a pending order of one plan, as pages read it."""
    fill_cart(organization, **fields)
    return reread_order(confirm_cart(organization, user_id=user_id), organization)


def make_hold(organization: Organization, user_id: int | None = None) -> OrderHold:
    """Return the hold of an order that was paid without a means that takes money back."""
    switch_on()
    order = place(organization, user_id)
    pay_invoice(order.payable, at=now())
    switch_off()
    return hold_of(order)


def charge_order(order: Order, organization: Organization) -> None:
    """Pay an order with a saved test card; the fixture `psp` has to run."""
    method = make_method(organization)
    with tenant_scope(organization.pk):
        charge_off_session(invoice=order.payable, method=method, actor=Actor.system("test"), at=now())


def hold_of(order: Order) -> OrderHold:
    """Return why the order is held."""
    with tenant_scope(order.organization_id):
        return OrderHold.objects.select_related("order", "organization").get(order_id=order.pk)
