"""The tags of a product on its page."""

from typing import Any

from django.urls import reverse

from products.inventory.sections import EVERY_KIND, Section, Visit, register_section
from products.lists.selectors import tags_of


def _build(visit: Visit) -> dict[str, Any]:
    own = visit.request.organization.pk
    return {
        "tags": tags_of(visit.product),
        "list_url": reverse("products:list", args=[own]),
        "url": f"{reverse('products:put_tags', args=[own])}?product={visit.product.pk}",
    }


register_section(Section("products/lists/section.html", _build, position=80), kind=EVERY_KIND)
