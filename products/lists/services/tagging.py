"""Put tags on products, and take them off."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from manager.kit.actor import Actor
from manager.kit.names import is_named, lowered
from organizations.access.locks import lock_organization
from organizations.audit.services import record_audit
from organizations.teams.models import Color
from products.inventory.models import Product
from products.lists.models import ProductTag, Tag
from products.lists.services.tags import create_tag


@transaction.atomic
def tag_products(
    *,
    organization_id: int,
    products: Sequence[Product],
    add: Collection[Tag],
    remove: Collection[Tag],
    actor: Actor,
    at: datetime,
) -> int:
    """Put the tags `add` on the products and take `remove` off; return on how many something changed.

    What is there already, or not there, is left as it is, and a tag that somebody deleted meanwhile is left
    out. Each changed product gets one event of the log.
    """
    lock_organization(organization_id=organization_id)
    kept = Tag.objects.filter(organization_id=organization_id, pk__in=[tag.pk for tag in add])
    add = list(kept.order_by("pk"))
    ids = [product.pk for product in products]
    places = ProductTag.objects.filter(organization_id=organization_id, product_id__in=ids)
    there = set(places.values_list("product_id", "tag_id"))
    fresh = [
        ProductTag(organization_id=organization_id, product=product, tag=tag)
        for product in products
        for tag in add
        if (product.pk, tag.pk) not in there
    ]
    leaving = {tag.pk for tag in remove} - {tag.pk for tag in add}
    ProductTag.objects.bulk_create(fresh)
    places.filter(tag_id__in=leaving).delete()
    changed = {place.product_id for place in fresh} | {pk for pk, tag_id in there if tag_id in leaving}
    names = {
        "added": sorted(tag.name for tag in add),
        "removed": sorted(tag.name for tag in remove if tag.pk in leaving),
    }
    for product in products:
        if product.pk in changed:
            record_audit(
                organization_id=organization_id,
                name="product.tagged",
                actor=actor,
                at=at,
                subject=product,
                **names,
            )
    return len(changed)


@transaction.atomic
def find_or_create_tag(*, organization_id: int, name: str, actor: Actor, at: datetime) -> Tag:
    """Return the tag of this name, in whatever case; made in the next colour where there is none.

    :raises TagNameInvalid, TagsTooMany: see `create_tag`.
    """
    lock_organization(organization_id=organization_id)  # who makes the same one at this moment is waited for
    words = " ".join(name.split())
    known = Tag.objects.filter(organization_id=organization_id)
    color = list(Color)[known.count() % len(Color)]
    return known.filter(is_named(words)).first() or create_tag(
        organization_id=organization_id, name=words, color=color, actor=actor, at=at
    )


def find_tags_named(*, organization_id: int, names: Collection[str]) -> list[Tag]:
    """Return the tags of these names, in whatever case; a name that no tag has is left out."""
    wanted = {lowered(" ".join(name.split())) for name in names}
    tags = Tag.objects.filter(organization_id=organization_id)
    return [tag for tag in tags if lowered(tag.name) in wanted]


@transaction.atomic
def set_tags(*, product: Product, names: Iterable[str], actor: Actor, at: datetime) -> None:
    """Let the product have the tags of these names and no others; unknown ones are made.

    :raises TagNameInvalid, TagsTooMany: see `create_tag`.
    """
    by: dict[str, Any] = {"actor": actor, "at": at}
    own = product.organization_id
    lock_organization(organization_id=own)  # what is there is read once nobody else changes it
    tags = (find_or_create_tag(organization_id=own, name=name, **by) for name in names)
    wanted = list({tag.pk: tag for tag in tags}.values())  # one tag may be named more than once
    places = ProductTag.objects.filter(organization_id=own, product_id=product.pk)
    others = Tag.objects.filter(organization_id=own, pk__in=places.values("tag_id"))
    remove = list(others.exclude(pk__in=[tag.pk for tag in wanted]))
    tag_products(organization_id=own, products=[product], add=wanted, remove=remove, **by)
