"""Read held orders and the rules that hold them."""

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from billing.holds.models import HoldRule, HoldRuleChange, OrderHold
from billing.holds.rules import DEFAULTS
from billing.holds.status import HoldStatus, RuleKind
from billing.orders.models import Order
from manager.kit.errors import DomainError, NotFound


def list_holds(*, status: str = "", search: str = "") -> QuerySet[OrderHold]:
    """Return the held orders of all tenants; `search` is the number of an order or a part of a name."""
    holds = OrderHold.objects.using("system").select_related("organization", "order__invoice")
    if status in HoldStatus.values:
        holds = holds.filter(status=status)
    if search:
        by_number = Q(order_id=int(search)) if search.isascii() and search.isdigit() else Q()
        holds = holds.filter(Q(organization__name__icontains=search) | by_number)
    return holds


def count_held() -> int:
    """Return how many orders wait for a decision."""
    return OrderHold.objects.using("system").filter(status=HoldStatus.HELD).count()


def get_hold(*, hold_id: int) -> OrderHold:
    """Return one held order with its organization and invoice, for staff.

    :raises NotFound: there is none of that id.
    """
    hold = (
        OrderHold.objects.using("system")
        .select_related("organization", "order__invoice__replaced_by")
        .filter(pk=hold_id)
        .first()
    )
    if hold is None:
        raise NotFound
    return hold


def find_open_holds(*, organization_id: int, most: int = 2) -> list[OrderHold]:
    """Return the organization's orders that are held now, for the banner of its pages."""
    holds = OrderHold.objects.filter(organization_id=organization_id, status=HoldStatus.HELD)
    return list(holds.order_by("pk")[:most])


class NotHeld(DomainError):
    """The order was never held."""

    code = "order_not_held"
    message = _("This order is not held.")


def get_hold_of(*, order: Order) -> OrderHold:
    """Return the hold of an order.

    :raises NotHeld: it was never held.
    """
    hold = (
        OrderHold.objects.select_related("order")
        .filter(organization_id=order.organization_id, order=order)
        .first()
    )
    if hold is None:
        raise NotHeld
    return hold


def list_rules() -> list[HoldRule]:
    """Return a rule of each kind, as it stands or as it would begin."""
    known = {rule.kind: rule for rule in HoldRule.objects.all()}
    return [known.get(kind) or HoldRule(kind=kind, parameters=DEFAULTS[kind]) for kind in RuleKind.values]


def get_rule(*, kind: str) -> HoldRule:
    """Return one rule, as it stands or as it would begin.

    :raises NotFound: there is no such kind.
    """
    rule = next((rule for rule in list_rules() if rule.kind == kind), None)
    if rule is None:
        raise NotFound
    return rule


def list_rule_changes(*, kind: str, most: int = 50) -> list[HoldRuleChange]:
    """Return the last changes of a rule, newest first."""
    return list(HoldRuleChange.objects.filter(kind=kind).order_by("-pk")[:most])
