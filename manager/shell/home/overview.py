"""What the home page tells: families with their products, what needs somebody, what happened last."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import OuterRef, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from billing.invoices.selectors import list_payable
from billing.orders.selectors import find_orders
from billing.orders.status import OrderStatus
from billing.renewals.models import Renewal
from billing.renewals.status import RenewalStatus
from manager.kit.errors import Text
from manager.kit.keyset import COUNT_LIMIT, CountOf
from organizations.access.grants import ProductScope
from organizations.access.roles import Permission
from organizations.audit.labels import label_of
from organizations.audit.models import AuditEvent
from organizations.audit.selectors import list_audit
from organizations.audit.subjects import subject_of
from organizations.profile.models import Organization
from products.catalog.models import Family
from products.inventory.models import Product
from products.inventory.selectors import find_products
from products.inventory.status import RENEWABLE, ProductStatus

SOON = timedelta(days=60)
NEWEST = 6


@dataclass(frozen=True, slots=True)
class FamilyTile:
    """A family with how many products the member sees in it, and how many of them end soon by themselves."""

    family: Family
    count: int
    ending: int


@dataclass(frozen=True, slots=True)
class Attention:
    """One kind of thing that waits for somebody: how many, and where they are."""

    label: Text
    count: int
    icon: str
    tone: str
    url: str


def read_families(*, organization: Organization, scope: ProductScope, today: date) -> list[FamilyTile]:
    """Return the families in the shop's order; 1,001 stands for more than 1,000. One query."""
    seen = find_products(organization=organization, scope=scope).filter(family=OuterRef("slug"))
    ending = seen.filter(status__in=RENEWABLE, auto_renew=False, expires_on__lte=today + SOON)
    families = Family.objects.annotate(
        products=CountOf(seen.values("pk")[: COUNT_LIMIT + 1]),
        ending=CountOf(ending.values("pk")[: COUNT_LIMIT + 1]),
    )
    return [
        FamilyTile(family, family.products, family.ending)
        for family in families.order_by("position", "id")
        if family.is_published or family.products
    ]


def read_attention(
    *, organization: Organization, scope: ProductScope, can: frozenset[Permission], today: date
) -> list[Attention]:
    """Return what waits for the member, the most urgent first, what there is a right to see. One query."""
    products = scope.filter(Product.objects.filter(organization_id=organization.pk))
    wanted: dict[str, QuerySet[Any]] = {
        "suspended": products.filter(status=ProductStatus.SUSPENDED),
        "redemption": products.filter(status=ProductStatus.REDEMPTION),
        "ending": products.filter(
            status=ProductStatus.ACTIVE, auto_renew=False, expires_on__lte=today + SOON
        ),
        "busy": find_products(organization=organization, scope=scope, is_busy=True),
    }
    if Permission.BILLING_VIEW in can:
        wanted |= _of_billing(organization)
    counts: dict[str, int] = (
        Organization.objects.filter(pk=organization.pk)
        .annotate(**{name: _count(rows) for name, rows in wanted.items()})
        .values(*wanted)
        .get()
    )
    return [
        Attention(label, counts[name], icon, tone, url)
        for name, label, icon, tone, url in _kinds(organization.pk)
        if counts.get(name)
    ]


def _of_billing(organization: Organization) -> dict[str, QuerySet[Any]]:
    return {
        "refused": Renewal.objects.filter(organization_id=organization.pk, status=RenewalStatus.FAILED),
        "payable": list_payable(organization=organization).exclude(origin="order"),
        "orders": find_orders(organization_id=organization.pk, status=OrderStatus.PENDING),
        "held": find_orders(organization_id=organization.pk, status=OrderStatus.HELD),
    }


def _count(rows: QuerySet[Any]) -> CountOf:
    return CountOf(rows.select_related(None).order_by().values("pk")[: COUNT_LIMIT + 1])


def _kinds(organization_id: int) -> list[tuple[str, Text, str, str, str]]:
    """Return each kind with its words and its page, the most urgent first.

    A page lists what was counted, and nothing else.
    """
    renewals, products, to_pay, orders = (
        reverse(name, args=[organization_id])
        for name in ("billing:renewals", "products:list", "billing:to_pay", "billing:orders")
    )
    return [
        ("refused", _("Refused charges"), "circle-alert", "negative", f"{renewals}?show=refused"),
        ("suspended", _("Suspended products"), "calendar-x", "negative", f"{products}?status=suspended"),
        ("redemption", _("Domains in redemption"), "life-buoy", "negative", f"{products}?status=redemption"),
        ("held", _("Orders under review"), "hand", "notice", f"{orders}?status=held"),
        ("orders", _("Unpaid orders"), "clock", "notice", f"{orders}?status=pending"),
        ("payable", _("Invoices to pay"), "receipt", "notice", f"{to_pay}?kind=invoices"),
        (
            "ending",
            _("Products that end soon"),
            "calendar-clock",
            "notice",
            f"{products}?status=active&expires={SOON.days}&renewal=off",
        ),
        ("busy", _("Products with an action under way"), "loader", "info", f"{products}?actions=open"),
    ]


def read_activity(*, organization: Organization) -> list[tuple[AuditEvent, Text, str]]:
    """Return what happened last in the organization and to what, newest first. One query."""
    events = list_audit(organization=organization).order_by("-id")[:NEWEST]
    return [
        (event, label_of(event.name), subject_of(event, currency=organization.currency)) for event in events
    ]
