"""Whose calendar an address is, and what stands in it."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from manager.kit.scope import tenant_scope
from manager.kit.tokens import hash_secret
from organizations.access.decisions import Access, find_access
from organizations.access.policies import SecondFactorMissing, check_policies
from organizations.access.roles import Permission
from organizations.members.models import Membership
from products.inventory.models import Product
from products.inventory.status import LIVING
from products.lists.icalendar import DayEvent
from products.lists.models import ExpiryFeed

MOST = 2000
PAST, AHEAD = timedelta(days=60), timedelta(days=800)


@dataclass(frozen=True, slots=True)
class Reader:
    """A calendar whose member may still see products."""

    feed: ExpiryFeed
    access: Access


def find_calendar(*, membership: Membership) -> ExpiryFeed | None:
    """Return the member's calendar."""
    return ExpiryFeed.objects.filter(
        organization_id=membership.organization_id, membership_id=membership.pk
    ).first()


def find_reader(*, secret: str, at: datetime) -> Reader | None:
    """Return whose calendar the secret opens, and what he or she may see now; None where it opens nothing.

    Nothing opens once the membership has ended, without the right to see products, and where the organization
    demands a second factor that the person has not set up. Looked up across tenants, as the address alone
    tells of none.
    """
    known = ExpiryFeed.objects.using("system").filter(digest=hash_secret(secret))
    feed = known.select_related("membership").first()
    if feed is None:
        return None
    access = find_access(organization_id=feed.organization_id, user_id=feed.membership.user_id, at=at)
    if access is None or Permission.PRODUCTS_VIEW not in access.can:
        return None
    with tenant_scope(feed.organization_id, feed.membership.user_id):
        try:
            check_policies(access.membership, at=at)
        except SecondFactorMissing:
            return None
    return Reader(feed, access)


def list_expiries(*, access: Access, today: date) -> list[DayEvent]:
    """Return the coming expiries of what the member sees as events, soonest first, at most 2,000."""
    own = access.organization.pk
    seen = access.product_scope.filter(Product.objects.filter(organization_id=own, status__in=LIVING))
    coming = seen.filter(expires_on__gte=today - PAST, expires_on__lte=today + AHEAD)
    rows = coming.select_related("plan").order_by("expires_on", "id")[:MOST]
    return [_event(product, today) for product in rows]


def _event(product: Product, today: date) -> DayEvent:
    title = _("%(name)s renews by itself") if product.auto_renew else _("%(name)s expires")
    told = [product.plan.name, product.get_status_display(), product.internal_name, product.reference]
    base = settings.PUBLIC_BASE_URL.rstrip("/")
    host = base.partition("://")[2]
    return DayEvent(
        uid=f"product-{product.pk}@{host}",
        on=product.expires_on or today,
        title=title % {"name": product.name},
        text="\n".join(text for text in told if text),
        url=f"{base}{reverse('products:product', args=[product.organization_id, product.pk])}",
    )


def note_read(feed: ExpiryFeed, *, at: datetime) -> None:
    """Note when a calendar was read last, at most once an hour; in its organization's scope."""
    if feed.last_read_at is None or at - feed.last_read_at > timedelta(hours=1):
        ExpiryFeed.objects.filter(organization_id=feed.organization_id, pk=feed.pk).update(last_read_at=at)
