"""What the page of a product says about its termination."""

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from products.inventory.models import Product
from products.inventory.outlook import Notice
from products.termination.selectors import find_open


def waiting_termination(product: Product, at: datetime) -> list[Notice]:
    """Return that a wish to terminate the product waits for its confirmation, with the way to withdraw it."""
    wish = find_open(organization=product.organization, product_id=product.pk)
    if wish is None or at >= wish.expires_at:
        return []
    return [
        Notice(
            tone="notice",
            title=_("Its termination waits for the confirmation"),
            text=_("Whoever asked for it has a link by mail. Without it, nothing ends."),
            url=reverse("products:withdraw_termination", args=[wish.organization_id, wish.pk]),
            action_label=_("Withdraw"),
            remote=True,
        )
    ]
