"""Which products are under Renewal Warranty, and the cases of those that expired unpaid."""

from datetime import date, datetime, timedelta

from django.db.models import Count, Exists, OuterRef, Q

from manager.kit.errors import NotFound
from manager.kit.keyset import NEWEST, Page, paginate
from products.inventory.models import Product, ProductOption
from products.inventory.outlook import Outlook, with_facts
from products.inventory.status import RENEWABLE
from products.warranty.models import WarrantyCase
from products.warranty.status import CaseStatus

OPTION = "renewal-warranty"


def is_warranted(alias: str = "default") -> Exists:
    """Return the condition that a product has the option Renewal Warranty (PRD-12)."""
    return Exists(ProductOption.objects.using(alias).filter(product=OuterRef("pk"), slug=OPTION))


def has_warranty(product: Product) -> bool:
    """Return whether the product has the option Renewal Warranty (PRD-12)."""
    return ProductOption.objects.filter(
        organization_id=product.organization_id, product=product, slug=OPTION
    ).exists()


def renewed_on(product: Product) -> date | None:
    """Return the day on which the operator renews the unpaid product: the last one before its redemption."""
    ends_on = product.ends_on()
    if product.expires_on is None or ends_on is None:
        return None
    return max(product.expires_on, ends_on - timedelta(days=1))


def warrant_outlook(product: Product, outlook: Outlook, at: datetime) -> Outlook:
    """Return the outlook with the day on which the warranty renews the product."""
    if product.status not in RENEWABLE or not has_warranty(product):
        return outlook
    return with_facts(outlook, renewed_on=renewed_on(product))


def list_cases(
    *, status: str = "", search: str = "", after: str = "", before: str = ""
) -> Page[WarrantyCase]:
    """Return a page of all tenants' cases, newest first, each with how many contacts are still to be made.

    :raises CursorInvalid: a cursor was not made here.
    """
    cases = WarrantyCase.objects.using("system").select_related("organization")
    if status in CaseStatus.values:
        cases = cases.filter(status=status)
    if search:
        cases = cases.filter(Q(product_name__icontains=search) | Q(organization__name__icontains=search))
    cases = cases.annotate(left=Count("contacts", filter=Q(contacts__done_at=None)))
    return paginate(cases, key=NEWEST, descending=True, after=after, before=before)


def count_waiting(*, today: date) -> int:
    """Return how many cases have a contact that is due, for the staff's page of what waits."""
    due = Q(contacts__done_at=None, contacts__due_on__lte=today)
    return WarrantyCase.objects.using("system").filter(due).distinct().count()


def get_case(*, case_id: int) -> WarrantyCase:
    """Return one case with its organization, product and contacts, for staff.

    :raises NotFound: there is none of that id.
    """
    case = (
        WarrantyCase.objects.using("system")
        .select_related("organization", "product__plan")
        .prefetch_related("contacts__done_by")
        .filter(pk=case_id)
        .first()
    )
    if case is None:
        raise NotFound
    return case
