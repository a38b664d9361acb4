"""What a wish to terminate means for a transfer."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from manager.kit.errors import Text
from products.inventory.models import Product
from products.termination.models import TerminatedProduct


def termination_asked(product: Product, at: datetime, now: bool) -> Text | None:
    """Return why the product cannot go while its termination waits for the confirmation, or None."""
    waiting = TerminatedProduct.objects.filter(
        organization_id=product.organization_id, product_id=product.pk, is_open=True
    )
    if not waiting.exists():
        return None
    return _("Its termination waits for the confirmation. Withdraw that wish first.")
