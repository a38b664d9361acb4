"""The mail about products that expire and will not renew by themselves (BIL-12)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import urlencode

from django.urls import reverse

from billing.receivers.mailing import mail_billing
from billing.receivers.status import Message
from billing.renewals.models import Reminder
from organizations.members.selectors import Topic
from organizations.profile.models import Organization
from products.inventory.models import Product


@dataclass(frozen=True, slots=True)
class ExpiringProduct:
    """A product in the mail, with the days that are left."""

    product: Product
    days: int


def mail_reminder(
    *, organization: Organization, reminder: Reminder, products: Sequence[Product], today: date, at: datetime
) -> None:
    """Queue one mail per contact, in the contact's language, with a link that selects them all."""
    rows = [ExpiringProduct(product, product.days_left(today) or 0) for product in products]
    chosen = urlencode([("show", "all"), *(("product", product.pk) for product in products[:200])])
    mail_billing(
        template="renewal_reminder",
        organization=organization,
        message=Message.REMINDERS,
        topic=Topic.REMINDERS,
        key=f"reminder:{reminder.pk}",
        context={
            "rows": rows,
            "soonest": rows[0],
            "pay_path": f"{reverse('billing:to_pay', args=[organization.pk])}?{chosen}",
        },
        at=at,
    )
