"""What living products mean for an organization's end."""

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from organizations.deletion.conditions import Condition
from products.inventory.models import Product
from products.inventory.status import ENDED


def no_product_left(organization_id: int, at: datetime) -> Condition:
    """Return whether every product has ended or went to another organization (ORG-14)."""
    count = Product.objects.filter(organization_id=organization_id).exclude(status__in=ENDED).count()
    told = ngettext(
        "%(count)d product is left. Terminate it, or transfer it to another organization.",
        "%(count)d products are left. Terminate them, or transfer them to another organization.",
        count,
    )
    return Condition(
        code="no_product_left",
        label=_("No product is left"),
        met=count == 0,
        detail=told % {"count": count} if count else _("All products have ended."),
        url=f"{reverse('products:terminate', args=[organization_id])}?all=on",
        action_label=_("Terminate them"),
    )
