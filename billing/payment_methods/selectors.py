"""Read the saved means of an organization (BIL-9)."""

from django.db.models import QuerySet

from billing.disputes.models import Dispute
from billing.disputes.status import DisputeStatus
from billing.payment_methods.models import MethodKind, PaymentMethod
from manager.kit.errors import NotFound
from manager.kit.prepared import Prepared
from organizations.profile.models import Organization

PREPAID_GATEWAY = "prepaid"


def list_methods(*, organization: Organization) -> QuerySet[PaymentMethod]:
    """Return the saved means in the order in which they are tried, the default first (BIL-9)."""
    return _build_saved(organization_id=organization.pk)


def _build_saved(*, organization_id: int) -> QuerySet[PaymentMethod]:
    saved = PaymentMethod.objects.filter(organization_id=organization_id, removed_at=None)
    return saved.order_by("-is_default", "position", "id")


def methods_to_try(*, organization: Organization, first: PaymentMethod | None) -> list[PaymentMethod]:
    """Return the means to charge without the person, in order: `first` while it is saved, then the list.

    One whose bank took a payment back, or looks into it, is left alone until that is decided for us (BIL-14).
    """
    saved = _UNDISPUTED.fetch(organization_id=organization.pk)
    mine = [method for method in saved if first is not None and method.pk == first.pk]
    return mine + [method for method in saved if method not in mine]


def _build_undisputed(*, organization_id: int) -> QuerySet[PaymentMethod]:
    disputes = Dispute.objects.filter(organization_id=organization_id, attempt__method__isnull=False)
    disputed = disputes.exclude(status=DisputeStatus.WON).values("attempt__method")
    return _build_saved(organization_id=organization_id).exclude(pk__in=disputed)


_UNDISPUTED: Prepared[PaymentMethod] = Prepared(_build_undisputed, planned_once=True)


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


def is_disputed(method: PaymentMethod) -> bool:
    """Return whether a payment by this means was taken back by its bank, or is looked into (BIL-14)."""
    disputes = Dispute.objects.filter(organization_id=method.organization_id, attempt__method=method)
    return disputes.exclude(status=DisputeStatus.WON).exists()


def disputed_ids(*, organization: Organization) -> set[int]:
    """Return the ids of its means of which `is_disputed` is true: they are not charged by themselves."""
    disputes = Dispute.objects.filter(organization_id=organization.pk, attempt__method__isnull=False)
    return set(disputes.exclude(status=DisputeStatus.WON).values_list("attempt__method_id", flat=True))
