"""The rules of a product's days: reminded of, charged, suspended, ended (PRD-8, BIL-11, BIL-12).

All days are dates in the organization's time zone. Pages, mails and the periodic work ask here.
"""

from datetime import date, timedelta

from products.inventory.models import Product
from products.inventory.status import ProductStatus

# Days before the expiry.
REMINDER_DAYS = (60, 30, 14, 7, 3, 1, 0)
CHARGE_DAYS = (14, 7, 3, 1, 0)


def next_status(product: Product, today: date) -> str | None:
    """Return the state that the unpaid product is to go to on the day `today`, or None to stay.

    Suspended on the day of expiry; after the plan's days of grace terminated or, where the plan has a
    redemption, held in it for that time and then released.
    """
    if product.expires_on is None:
        return None
    grace = timedelta(days=product.plan.grace_days)
    redemption = timedelta(days=product.plan.redemption_days)
    status: str = product.status
    if status == ProductStatus.ACTIVE and today >= product.expires_on:
        return ProductStatus.SUSPENDED
    if status == ProductStatus.SUSPENDED and today >= product.expires_on + grace:
        return ProductStatus.REDEMPTION if redemption else ProductStatus.TERMINATED
    if status == ProductStatus.REDEMPTION and today >= product.expires_on + grace + redemption:
        return ProductStatus.RELEASED
    return None
