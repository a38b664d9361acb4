"""Cards that have ended or end soon and that something is charged to (BIL-9)."""

from dataclasses import dataclass
from datetime import date

from django.apps import apps

from billing.payment_methods.models import PaymentMethod
from billing.payment_methods.selectors import list_methods
from organizations.profile.models import Organization
from products.inventory.models import Product
from products.inventory.status import RENEWABLE


@dataclass(frozen=True, slots=True)
class Ending:
    """A card whose end matters: something renews, or the prepaid account is topped up, with it."""

    method: PaymentMethod
    has_expired: bool


def list_ending(*, organization: Organization, today: date) -> list[Ending]:
    """Return the ending cards of an organization that something depends on; four queries at most."""
    cards = [
        method
        for method in list_methods(organization=organization).exclude(expiry_year=None)
        if method.has_expired(today) or method.expires_soon(today)
    ]
    if not cards:
        return []
    used = _charged_ids(organization)
    return [
        Ending(method, method.has_expired(today))
        for method in cards
        if method.pk in used or (method.is_default and None in used)
    ]


def _charged_ids(organization: Organization) -> set[int | None]:
    """Return the means that something is charged to by itself; None where that is the default one."""
    owner = organization.pk
    products = Product.objects.filter(organization_id=owner, auto_renew=True, status__in=RENEWABLE)
    # Preferences and settings are rows of rooms above: their tables are read here, their verbs are not known.
    fixed = apps.get_model("billing", "RenewalPreference").objects.filter(
        organization_id=owner, method__isnull=False
    )
    used: set[int | None] = set(
        fixed.filter(product__in=products).values_list("method_id", flat=True).distinct()
    )
    if products.exclude(pk__in=fixed.values("product_id")).exists():
        used.add(None)
    top_ups = apps.get_model("billing", "PrepaidSettings").objects.filter(organization_id=owner)
    used.update(top_ups.filter(auto_method__isnull=False).values_list("auto_method_id", flat=True))
    return used
