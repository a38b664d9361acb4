"""Read the saved means of an organization (BIL-9)."""

from django.db.models import QuerySet

from billing.payment_methods.models import MethodKind, PaymentMethod
from manager.kit.errors import NotFound
from organizations.profile.models import Organization

PREPAID_GATEWAY = "prepaid"


def list_methods(*, organization: Organization) -> QuerySet[PaymentMethod]:
    """Return the saved means, the default first."""
    return PaymentMethod.objects.filter(organization_id=organization.pk, removed_at=None).order_by(
        "-is_default", "id"
    )


def default_method(*, organization: Organization) -> PaymentMethod | None:
    """Return the means that renewals use unless a product has one of its own."""
    return list_methods(organization=organization).filter(is_default=True).first()


def get_method(*, organization: Organization, method_id: int) -> PaymentMethod:
    """Return one saved means.

    :raises NotFound: there is none of that id, or it was removed.
    """
    method = list_methods(organization=organization).filter(pk=method_id).first()
    if method is None:
        raise NotFound
    return method


def has_prepaid_method(*, organization: Organization) -> bool:
    """Return whether the prepaid account is among the means for renewals."""
    return list_methods(organization=organization).filter(kind=MethodKind.PREPAID).exists()
