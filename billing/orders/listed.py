"""Pages of orders for programs: each with its lines by one query (API-1)."""

from collections.abc import Callable
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce, JSONObject
from django.utils.timezone import localtime

from billing.orders.models import Order, OrderLine
from billing.orders.selectors import find_orders
from billing.orders.status import OrderStatus
from manager.kit.keyset import COMMON_SIZES, NEWEST, ids_at, is_among, take_page
from manager.kit.prepared import Prepared
from manager.kit.translated import in_language
from organizations.profile.models import Organization
from products.inventory.models import Product

TOLD = ("organization_id", "status", "created_at", "paid_at", "cancelled_at", "expires_at")
OF_LINE = ("product_id", "months", "quantity", "options", "unit_amount", "is_trial")


def take_orders(*, organization: Organization, status: str = "") -> Callable[..., list[Order]]:
    """Return what gives rows for `describe_order`, for the keywords of `take_page`. One query."""
    chosen = {"status": status} if status else {}

    def take(*, size: int, offset: int = 0, **place: Any) -> list[Order]:
        asked = {"organization_id": organization.pk, "size": size, **chosen, **place}
        asked |= {"offset": offset} if offset else {}
        return (_PAGE.fetch if size in COMMON_SIZES else _PAGE.fetch_once)(**asked)

    return take


def _build_page(
    *, organization_id: int, falling: bool, size: int, status: str = "", offset: int = 0, **place: Any
) -> QuerySet[Order]:
    lines = OrderLine.objects.filter(organization_id=organization_id, order=OuterRef("pk")).order_by("pk")
    # A product that went to another organization is not seen: its line stays, by the plan's name.
    own = Product.objects.filter(organization_id=organization_id, pk=OuterRef("product_id"))
    told = JSONObject(
        plan="plan__slug",
        names="plan__names",
        called=Subquery(own.values("name")),
        **{name: name for name in OF_LINE},
    )
    orders = find_orders(organization_id=organization_id, status=status)
    if offset:  # what is passed over has no lines read
        orders = orders.filter(
            is_among(ids_at(orders, key=NEWEST, falling=falling, size=size, offset=offset))
        )
    rows = orders.only(*TOLD).annotate(
        told_lines=ArraySubquery(lines.values(told=told)),
        payable_id=Coalesce("invoice__replaced_by_id", "invoice_id"),
        total_amount=F("invoice__total_amount"),
        currency=F("invoice__currency"),
        answer_by=F("hold__answer_by"),
    )
    return take_page(rows, key=NEWEST, falling=falling, size=size, **place)


_PAGE: Prepared[Order] = Prepared(_build_page, shape=["falling", "size"])


def describe_order(order: Any) -> dict[str, Any]:
    """Return a row of `take_orders` as OrderOutput writes it, which would take several times as long."""
    is_held = order.status == OrderStatus.HELD
    return {
        "id": order.pk,
        "status": order.status,
        "total_amount": {"amount": order.total_amount, "currency": order.currency},
        "invoice_id": order.payable_id,
        "hold": {"reason": "identity_check", "answer_by": localtime(order.answer_by)} if is_held else None,
        "lines": [_describe_line(line, order.currency) for line in order.told_lines],
        "created_at": localtime(order.created_at),
        "paid_at": order.paid_at and localtime(order.paid_at),
        "cancelled_at": order.cancelled_at and localtime(order.cancelled_at),
        "expires_at": order.expires_at and localtime(order.expires_at),
    }


def _describe_line(line: dict[str, Any], currency: str) -> dict[str, Any]:
    return {
        "plan": line["plan"],
        "product_id": line["product_id"],
        "name": in_language(line["names"]) if line["called"] is None else line["called"],
        "months": line["months"],
        "quantity": line["quantity"],
        "options": line["options"],
        "unit_amount": {"amount": line["unit_amount"], "currency": currency},
        "is_trial": line["is_trial"],
    }
