"""The mails about products that were suspended, are in redemption or have ended (PRD-8, PRD-11)."""

from collections.abc import Sequence
from datetime import datetime

from django.urls import reverse

from manager.outbox.mails import queue_mail
from organizations.members.selectors import list_billing_contacts
from products.inventory.models import Product
from products.inventory.outlook import find_outlook
from products.inventory.status import ProductStatus


def mail_suspended_products(*, products: Sequence[Product], at: datetime) -> None:
    """Queue one mail per contact about the `products` of one organization that were suspended."""
    _mail("products_suspended", products, at)


def mail_ended_products(*, products: Sequence[Product], at: datetime) -> None:
    """Queue one mail per contact about products that have ended."""
    _mail("products_ended", products, at)


def mail_redeemable_products(*, products: Sequence[Product], at: datetime) -> None:
    """Queue one mail per contact about domains in redemption: until when each is restored, and for how much.

    The price is that of the timeline. The button leads to the one domain, or to the list of those.
    """
    if not products:
        return
    rows = [{"product": product, "price": find_outlook(product, at=at).restore_price} for product in products]
    organization_id = products[0].organization_id
    if len(products) == 1:
        path = reverse("billing:restore", args=[organization_id, products[0].pk])
    else:
        path = f"{reverse('products:list', args=[organization_id])}?status={ProductStatus.REDEMPTION}"
    _mail("products_in_redemption", products, at, rows=rows, path=path)


def _mail(template: str, products: Sequence[Product], at: datetime, **more: object) -> None:
    if not products:
        return
    organization = products[0].organization
    mark = f"{template}:{organization.pk}:{at.isoformat()}:{min(product.pk for product in products)}"
    for contact in list_billing_contacts(organization_id=organization.pk):
        queue_mail(
            template=template,
            recipient=contact.email,
            language=contact.language,
            context={"organization": organization, "products": products, "contact": contact, **more},
            dedupe_key=f"{mark}:{contact.user_id}",
            organization_id=organization.pk,
            at=at,
        )
