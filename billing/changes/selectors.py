"""Read changes of offers."""

from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from billing.changes.models import ChangeQuote
from billing.changes.status import ChangeStatus
from manager.kit.errors import NotFound
from products.inventory.models import Product


class ChangeNotFound(NotFound):
    """The product has no such change."""

    message = _("This change does not exist.")


def list_changes(*, product: Product) -> QuerySet[ChangeQuote]:
    """Return the changes of the product that were accepted, newest first."""
    return _changes(product).exclude(status=ChangeStatus.QUOTED).order_by("-pk")


def get_change(*, product: Product, change_id: int) -> ChangeQuote:
    """Return one change of the product, with its plan and invoice.

    :raises ChangeNotFound: the product has none of that id.
    """
    change = _changes(product).filter(pk=change_id).first()
    if change is None:
        raise ChangeNotFound
    return change


def find_waiting(*, product: Product) -> ChangeQuote | None:
    """Return the change of the product that waits for its payment, if there is one."""
    return _changes(product).filter(status=ChangeStatus.ACCEPTED).first()


def can_be_accepted(change: ChangeQuote, at: datetime) -> bool:
    """Return whether the quote still holds."""
    return change.status == ChangeStatus.QUOTED and at < change.valid_until


def _changes(product: Product) -> QuerySet[ChangeQuote]:
    changes = ChangeQuote.objects.filter(organization_id=product.organization_id, product_id=product.pk)
    return changes.select_related("plan__family", "invoice", "organization", "product__plan")
