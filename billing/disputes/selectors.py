"""Read disputes of all organizations, for staff."""

from django.db.models import Q, QuerySet

from accounts.users.models import User
from billing.disputes.models import Dispute
from billing.disputes.rights import LOOK_AFTER_DISPUTES
from billing.disputes.status import UNDECIDED, DisputeStatus
from billing.invoices.models import InvoiceLine
from manager.kit.errors import NotFound
from products.inventory.models import Product


def list_disputes(*, search: str = "", status: str = "") -> QuerySet[Dispute]:
    """Return the disputes; `search` is the number of an invoice or a part of a name."""
    rows = Dispute.objects.using("system").select_related(
        "organization", "attempt__invoice", "attempt__method"
    )
    if status == "undecided":
        rows = rows.filter(status__in=sorted(UNDECIDED))
    elif status in DisputeStatus.values:
        rows = rows.filter(status=status)
    if search:
        names = Q(organization__name__icontains=search) | Q(reference__iexact=search)
        rows = rows.filter(names | Q(attempt__invoice__number__iexact=search))
    return rows


def get_dispute(*, dispute_id: int) -> Dispute:
    """Return a dispute of any organization.

    :raises NotFound: there is none.
    """
    found = list_disputes().filter(pk=dispute_id).first()
    if found is None:
        raise NotFound
    return found


def count_to_answer() -> int:
    """Return how many disputes wait for our answer."""
    return Dispute.objects.using("system").filter(status=DisputeStatus.OPEN).count()


def list_paid_products(dispute: Dispute) -> list[Product]:
    """Return the products that the disputed payment paid for, in the organization's scope."""
    if dispute.attempt.invoice_id is None:
        return []
    lines = InvoiceLine.objects.filter(
        organization_id=dispute.organization_id,
        invoice_id=dispute.attempt.invoice_id,
        product__isnull=False,
    )
    found = Product.objects.filter(
        organization_id=dispute.organization_id, pk__in=list(lines.values_list("product_id", flat=True))
    )
    return list(found.select_related("plan").order_by("pk"))


def list_staff() -> list[User]:
    """Return the members of the staff who look after disputes."""
    staff = User.objects.filter(is_staff=True, is_active=True).order_by("pk")
    return [user for user in staff if user.has_perm(LOOK_AFTER_DISPUTES)]
