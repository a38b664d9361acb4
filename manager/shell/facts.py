"""What the frame counts, read at once: a page of an organization asks for all of it in one query."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet
from django.db.models.functions import JSONObject

from billing.holds.models import OrderHold
from billing.holds.status import HoldStatus
from billing.invoices.selectors import list_payable
from billing.orders.selectors import list_cart_lines, list_pending_orders
from billing.payments.selectors import MONTHS_AHEAD, list_due_products
from manager.kit.clock import add_months
from manager.kit.keyset import CountOf
from manager.kit.prepared import Prepared
from organizations.profile.models import Organization
from organizations.requests.selectors import list_requests
from organizations.requests.status import RequestStatus
from organizations.support.selectors import last_open
from products.catalog.kinds import order_kinds
from products.catalog.models import Family, Plan
from products.catalog.selectors import list_families

# Nobody reads a larger number off a corner of the page, and no count of a frame may grow with a tenant.
MOST = 1000


@dataclass(frozen=True, slots=True)
class Facts:
    """Counts (1,000 stands for that many or more), the families of the menus, and support's last day.

    `kinds` are those that a family has, by its slug.
    """

    to_pay: int
    pending_orders: int
    open_requests: int
    cart_lines: int
    held_orders: int
    support_until: datetime | None
    families: list[Family]
    kinds: dict[str, list[str]]


def read_facts(*, organization: Organization, today: date, at: datetime) -> Facts:
    """Return what the frame of a page of the organization shows. One query."""
    (row,) = _FACTS.fetch(organization_id=organization.pk, until=add_months(today, MONTHS_AHEAD), at=at)
    return Facts(
        to_pay=min(row["payable"] + row["due"], MOST),
        pending_orders=row["pending_orders"],
        open_requests=row["open_requests"],
        cart_lines=row["cart_lines"],
        held_orders=row["held_orders"],
        support_until=row["support_until"],
        kinds={family["slug"]: family.pop("kinds") for family in row["menu"]},
        families=[Family(**family) for family in row["menu"]],
    )


def _build_facts(
    *, organization_id: int, until: date, at: datetime
) -> QuerySet[Organization, dict[str, Any]]:
    organization = Organization(pk=organization_id)
    waiting = list_requests(organization_id=organization_id, status=RequestStatus.OPEN)
    counted = {
        "payable": list_payable(organization=organization),
        "due": list_due_products(organization=organization, until=until),
        "pending_orders": list_pending_orders(organization=organization),
        "open_requests": waiting.exclude(membership=None),
        "cart_lines": list_cart_lines(organization=organization),
        "held_orders": OrderHold.objects.filter(organization_id=organization_id, status=HoldStatus.HELD),
    }
    names = ("id", "slug", "names", "icon", "position", "is_published")
    kinds = ArraySubquery(order_kinds(Plan.objects.filter(family=OuterRef("pk"))))
    families = list_families().values(told=JSONObject(**{name: name for name in names}, kinds=kinds))
    facts: QuerySet[Organization, dict[str, Any]] = (
        Organization.objects.filter(pk=organization_id)
        .annotate(
            menu=ArraySubquery(families),
            support_until=last_open(organization_id=organization_id, at=at),
            **{name: _count(rows) for name, rows in counted.items()},
        )
        .values("menu", "support_until", *counted)
    )
    return facts


def _count(rows: QuerySet[Any]) -> CountOf:
    return CountOf(rows.select_related(None).order_by().values("pk")[:MOST])


_FACTS: Prepared[dict[str, Any]] = Prepared(_build_facts)
