"""The mails about terminations: the link to the person who asked, and what was done to the others (PRD-9)."""

from datetime import datetime

from django.urls import reverse
from django.utils import timezone

from accounts.users.models import User
from manager.kit.clock import day_in
from manager.outbox.mails import queue_mail
from organizations.members.selectors import list_administrators
from products.inventory.models import Product
from products.inventory.status import ProductStatus
from products.termination.models import Termination
from products.termination.secrets import confirmation_key
from products.termination.selectors import list_endings


def mail_link(*, termination: Termination, dedupe_key: str, at: datetime) -> None:
    """Mail the link that confirms to who asked, with what will end, at times in the organization's zone."""
    person = termination.asked_by
    organization = termination.organization
    ids = termination.products.filter(organization_id=organization.pk).values("product_id")
    products = list(
        Product.objects.filter(organization_id=organization.pk, pk__in=ids)
        .select_related("plan")
        .order_by("name", "id")
    )
    path = reverse(
        "products:confirm_termination", args=[organization.pk, termination.pk, confirmation_key(termination)]
    )
    with timezone.override(organization.time_zone):
        queue_mail(
            template="termination_asked",
            recipient=person.mail_address,
            language=person.language,
            context={
                "name": person.name,
                "organization": organization,
                "products": products,
                "until": termination.expires_at,
                "keeps": any(
                    row.days_of_cooling_off
                    for row in list_endings(organization=organization, products=products)
                ),
                "path": path,
            },
            dedupe_key=f"{dedupe_key}:{person.pk}",
            organization_id=organization.pk,
            at=at,
        )


def mail_restored(*, product: Product, dedupe_key: str, at: datetime) -> None:
    """Tell everybody who leads the organization that a terminated product came back as it was (PRD-9)."""
    organization = product.organization
    for contact in list_administrators(organization_id=organization.pk):
        queue_mail(
            template="product_restored",
            recipient=contact.email,
            language=contact.language,
            context={
                "name": contact.name,
                "organization": organization,
                "product": product,
                "on": day_in(organization.time_zone, at),
                "runs": product.status == ProductStatus.ACTIVE,
                "path": reverse("products:product", args=[organization.pk, product.pk]),
            },
            dedupe_key=f"{dedupe_key}:{contact.user_id}",
            organization_id=organization.pk,
            at=at,
        )


def mail_done(*, termination: Termination, by: User | None, dedupe_key: str, at: datetime) -> None:
    """Tell everybody who leads the organization, also the person who asked, what has ended.

    Until when it can be restored is told in the organization's zone.
    """
    organization = termination.organization
    ended = termination.products.filter(organization_id=organization.pk, ended=True)
    rows = list(ended.select_related("product__plan").order_by("product_name", "id"))
    if not rows:
        return
    with timezone.override(organization.time_zone):
        for contact in list_administrators(organization_id=organization.pk):
            queue_mail(
                template="termination_confirmed",
                recipient=contact.email,
                language=contact.language,
                context={
                    "name": contact.name,
                    "organization": organization,
                    "rows": rows,
                    "first": rows[0],
                    "by": by.name if by and by.pk != contact.user_id else "",
                    "on": day_in(organization.time_zone, at),
                    "keeps": any(row.product.restorable_until for row in rows),
                    "path": f"{reverse('products:terminations', args=[organization.pk])}",
                },
                dedupe_key=f"{dedupe_key}:{contact.user_id}",
                organization_id=organization.pk,
                at=at,
            )
