"""The mails about products that were suspended or have ended (PRD-8)."""

from collections.abc import Sequence
from datetime import datetime

from manager.outbox.mails import queue_mail
from organizations.members.selectors import list_billing_contacts
from products.inventory.models import Product


def mail_suspended_products(*, products: Sequence[Product], at: datetime) -> None:
    """Queue one mail per contact about the `products` of one organization that were suspended."""
    _mail("products_suspended", products, at)


def mail_ended_products(*, products: Sequence[Product], at: datetime) -> None:
    """Queue one mail per contact about products that have ended or are in redemption."""
    _mail("products_ended", products, at)


def _mail(template: str, products: Sequence[Product], at: datetime) -> None:
    if not products:
        return
    organization = products[0].organization
    mark = f"{template}:{organization.pk}:{at.isoformat()}:{min(product.pk for product in products)}"
    for contact in list_billing_contacts(organization_id=organization.pk):
        queue_mail(
            template=template,
            recipient=contact.email,
            language=contact.language,
            context={"organization": organization, "products": products, "contact": contact},
            dedupe_key=f"{mark}:{contact.user_id}",
            organization_id=organization.pk,
            at=at,
        )
