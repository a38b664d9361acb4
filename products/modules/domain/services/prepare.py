"""Set up what a new domain begins with: its name, and a zone that leads somewhere."""

from datetime import datetime
from ipaddress import ip_address

from django.conf import settings
from django.db import transaction

from manager.kit.actor import Actor
from manager.kit.clock import day_in
from manager.kit.nudge import nudge
from products.inventory.models import Product
from products.modules.domain.models import Domain, ZoneChange
from products.modules.domain.names import NameInvalid, clean_domain
from products.modules.domain.records import USUAL_TTL, Record, make_record
from products.modules.domain.services.zone import write_version


@transaction.atomic
def prepare_domain(*, product: Product, at: datetime) -> Domain:
    """Return the domain of a product, made with its default zone unless it is there.

    A product whose name is none of a domain gets a domain without a name, which no page shows.
    """
    try:
        name = clean_domain(product.name)
    except NameInvalid:
        name = ""
    actor = Actor.system("domains")
    domain, is_new = Domain.objects.get_or_create(
        organization_id=product.organization_id,
        product_id=product.pk,
        defaults={"name": name, "changed_at": at, "changed_by": actor.name},
    )
    if is_new and name:
        zone = default_zone(name)
        write_version(
            domain=domain,
            records=zone,
            change=ZoneChange.BEGUN,
            on=day_in(product.organization.time_zone, at),
            actor=actor,
            at=at,
        )
        nudge("domains")
    return domain


def default_zone(origin: str) -> list[Record]:
    """Return the records of a new domain: the operator's page, `www` beside it, the operator's mail."""
    wanted = [
        *(
            ("@", "AAAA" if ip_address(address).version == 6 else "A", address, None)
            for address in settings.ZONE_ADDRESSES
        ),
        ("www", "CNAME", "@", None),
        ("@", "MX", settings.ZONE_MAIL_SERVER, 10),
        ("@", "TXT", "v=spf1 mx ~all", None),
    ]
    return [
        make_record(origin=origin, name=name, kind=kind, ttl=USUAL_TTL, value=value, priority=priority)
        for name, kind, value, priority in wanted
    ]
