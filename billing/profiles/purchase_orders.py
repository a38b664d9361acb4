"""An organization's own numbers of orders, with their days (BIL-4): added, removed, found by the day."""

from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from billing.profiles.models import BillingAddress, PurchaseOrder
from manager.kit.actor import Actor
from manager.kit.errors import DomainError, NotFound
from organizations.access.locks import lock_organization
from organizations.audit.services import record_audit
from organizations.profile.models import Organization

MAX_ORDERS = 200


class DaysInDisorder(DomainError):
    """The last day is before the first one."""

    code = "days_in_disorder"
    status = 422
    field = "valid_until"
    message = _("The last day is before the first one.")


class TooManyPurchaseOrders(DomainError):
    """More numbers than anybody can look after."""

    code = "too_many_purchase_orders"
    message = _("You have reached the largest number of order numbers. Remove one that is over.")


def list_purchase_orders(*, organization: Organization) -> QuerySet[PurchaseOrder]:
    """Return the organization's order numbers with their addresses, the newest first."""
    rows = PurchaseOrder.objects.filter(organization_id=organization.pk).select_related("address")
    return rows.order_by("-valid_from", "-id")


def get_purchase_order(*, organization: Organization, purchase_order_id: int) -> PurchaseOrder:
    """Return one of them.

    :raises NotFound: the organization has none of that id.
    """
    row = list_purchase_orders(organization=organization).filter(pk=purchase_order_id).first()
    if row is None:
        raise NotFound
    return row


def find_purchase_order(*, organization: Organization, address_id: int | None, on: date) -> str:
    """Return the number for an invoice of the day `on` to an address, "" for none.

    One of the address goes before one of all, then the one that began last.
    """
    rows = PurchaseOrder.objects.filter(
        Q(valid_until=None) | Q(valid_until__gte=on),
        Q(address=None) | Q(address_id=address_id),
        organization_id=organization.pk,
        valid_from__lte=on,
    )
    return choose_purchase_order(rows, address_id=address_id, on=on)


def choose_purchase_order(rows: Iterable[PurchaseOrder], *, address_id: int | None, on: date) -> str:
    """Return the number for an invoice of the day `on` to an address, of the organization's `rows`."""
    fitting = [
        row
        for row in rows
        if row.valid_from <= on
        and (row.valid_until is None or row.valid_until >= on)
        and row.address_id in {None, address_id}
    ]
    best = max(fitting, key=lambda row: (row.address_id is not None, row.valid_from, row.pk), default=None)
    return best.number if best else ""


@transaction.atomic
def add_purchase_order(
    *,
    organization: Organization,
    number: str,
    address: BillingAddress | None,
    valid_from: date,
    valid_until: date | None,
    actor: Actor,
    at: datetime,
) -> PurchaseOrder:
    """Have `number` printed on invoices drawn up from a day to a day, to one address or to all (BIL-4).

    :raises DaysInDisorder: the last day is before the first.
    :raises TooManyPurchaseOrders: there are 200 already.
    :raises NotFound: the address is another organization's.
    """
    if address is not None and address.organization_id != organization.pk:
        raise NotFound
    if valid_until is not None and valid_until < valid_from:
        raise DaysInDisorder
    lock_organization(organization_id=organization.pk)
    if PurchaseOrder.objects.filter(organization_id=organization.pk).count() >= MAX_ORDERS:
        raise TooManyPurchaseOrders
    row = PurchaseOrder.objects.create(
        organization_id=organization.pk,
        number=number.strip(),
        address=address,
        valid_from=valid_from,
        valid_until=valid_until,
        created_at=at,
    )
    _audit("purchase_order.added", row, actor, at)
    return row


@transaction.atomic
def remove_purchase_order(*, purchase_order: PurchaseOrder, actor: Actor, at: datetime) -> None:
    """Remove an order number; invoices that bear it keep it."""
    _audit("purchase_order.removed", purchase_order, actor, at)
    purchase_order.delete()


def _audit(name: str, row: PurchaseOrder, actor: Actor, at: datetime) -> None:
    record_audit(
        organization_id=row.organization_id, name=name, actor=actor, at=at, subject=row, number=row.number
    )
