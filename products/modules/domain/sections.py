"""The section of a domain's product page: where its parts are, and how they stand."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from products.catalog.models import Option
from products.inventory.sections import Section, Visit, register_section
from products.inventory.status import ENDED, ProductStatus
from products.modules.domain.contacts import ContactRole
from products.modules.domain.selectors import (
    KIND,
    SET_CONTACTS,
    SET_LOCK,
    SET_NAME_SERVERS,
    SET_ZONE,
    find_domain,
    find_wishes,
    servers_of,
)


def build_domain(visit: Visit) -> dict[str, Any] | None:
    """Return how zone, name servers, contacts, lock and options of the domain stand.

    None for no domain, and for one whose life has ended: it is nobody's here any more.
    """
    product = visit.product
    if product.status in ENDED:
        return None
    domain = find_domain(product=product)
    if domain is None:
        return None
    wishes = find_wishes(domain=domain)
    had = {option.slug: option.quantity for option in product.options.all()}
    options = Option.objects.filter(plan_id=product.plan_id, kind="switch").order_by("position", "pk")
    return {
        "domain": domain,
        "records": len(domain.records),
        "servers": [server["host"] for server in servers_of(domain)],
        "own_contacts": [label for role, label in ContactRole.choices if role in domain.contacts],
        "zone_wish": wishes.get(SET_ZONE),
        "servers_wish": wishes.get(SET_NAME_SERVERS),
        "contacts_wish": wishes.get(SET_CONTACTS),
        "lock_wish": wishes.get(SET_LOCK),
        "options": [(option, bool(had.get(option.slug) or option.included)) for option in options],
        "is_active": product.status == ProductStatus.ACTIVE,
        "no_way": _("This is possible only while the domain is active."),
    }


register_section(
    Section("products/domain/section.html", build_domain, position=10, anchor="domain", title=_("Domain")),
    kind=KIND,
)
