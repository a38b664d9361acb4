"""What depends on a saved means: the products that would be charged to it (BIL-9)."""

from django.apps import apps
from django.db.models import QuerySet

from billing.payment_methods.models import PaymentMethod
from products.inventory.models import Product
from products.inventory.status import RENEWABLE


def list_dependants(*, method: PaymentMethod) -> QuerySet[Product]:
    """Return the products that renew by themselves with `method`.

    Those for which it is fixed, and, for the default means, all for which no other one is.
    """
    # The preference is a row of the room above (renewals): its table is read here, its verbs are not known.
    preferences = apps.get_model("billing", "RenewalPreference").objects.filter(
        organization_id=method.organization_id, method__isnull=False
    )
    products = Product.objects.filter(
        organization_id=method.organization_id, auto_renew=True, status__in=RENEWABLE
    ).order_by("expires_on", "id")
    if method.is_default:
        return products.exclude(pk__in=preferences.exclude(method_id=method.pk).values("product_id"))
    return products.filter(pk__in=preferences.filter(method_id=method.pk).values("product_id"))


def tops_up_with(*, method: PaymentMethod) -> bool:
    """Return whether the prepaid account is topped up by itself with `method` (BIL-7)."""
    rows = apps.get_model("billing", "PrepaidSettings").objects
    return bool(rows.filter(organization_id=method.organization_id, auto_method=method).exists())


def has_dependants(*, method: PaymentMethod) -> bool:
    """Return whether something is charged to `method` without the person."""
    return list_dependants(method=method).exists() or tops_up_with(method=method)
