"""Count what needs attention in organizations, for their switcher (ORG-1)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Q, QuerySet

from billing.invoices.models import Invoice
from billing.invoices.status import PAYABLE
from billing.orders.models import Order
from billing.orders.status import OrderStatus
from products.inventory.models import Product
from products.inventory.status import RENEWABLE

EXPIRES_WITHIN = timedelta(days=30)
WAITING = (OrderStatus.PENDING, OrderStatus.HELD)


@dataclass(frozen=True, slots=True)
class Alerts:
    """Invoices that wait for money, orders that wait, products that expire and do not renew by themselves."""

    unpaid: int = 0
    held: int = 0
    expiring: int = 0


def count_alerts(
    *, organization_ids: Collection[int], today: date, using: str = "default"
) -> dict[int, Alerts]:
    """Return the alerts of each organization; three queries for any number of them.

    What an order waits for is counted once, as the order.
    """
    of_these = Q(organization_id__in=organization_ids)
    waiting = ~Q(origin="order") & Q(status__in=PAYABLE, replaced_by=None)
    ends = Q(status__in=RENEWABLE, auto_renew=False, expires_on__lte=today + EXPIRES_WITHIN)
    unpaid = _by_organization(Invoice.objects.using(using).filter(of_these, waiting))
    held = _by_organization(Order.objects.using(using).filter(of_these, status__in=WAITING))
    expiring = _by_organization(Product.objects.using(using).filter(of_these, ends))
    return {pk: Alerts(unpaid.get(pk, 0), held.get(pk, 0), expiring.get(pk, 0)) for pk in organization_ids}


def _by_organization(rows: QuerySet) -> dict[int, int]:
    return dict(rows.order_by().values_list("organization_id").annotate(count=Count("pk")))
