"""Questions about DynDNS names. Each names the organization; row-level security is the second wall."""

from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.crypto import constant_time_compare

from manager.kit.ids import parse_id
from manager.kit.tokens import hash_secret
from products.catalog.models import Option
from products.inventory.models import Product, ProductOption
from products.modules.domain.models import Domain
from products.modules.dyndns.errors import HostNotFound
from products.modules.dyndns.models import DynamicHost

OPTION = "dyndns"


@dataclass(frozen=True, slots=True)
class ShownHost:
    """A DynDNS name with its whole name and the addresses that the zone has for it now."""

    row: DynamicHost
    full_name: str
    addresses: tuple[str, ...]


def has_dyndns(product: Product) -> bool:
    """Return whether the option is part of what was bought, or of the plan."""
    mine = ProductOption.objects.filter(organization_id=product.organization_id, product_id=product.pk)
    if mine.filter(slug=OPTION, quantity__gt=0).exists():
        return True
    return Option.objects.filter(plan_id=product.plan_id, slug=OPTION, included__gt=0).exists()


def find_hosts(*, domain: Domain) -> QuerySet[DynamicHost]:
    """Return the DynDNS names of a domain, in no order."""
    return DynamicHost.objects.filter(organization_id=domain.organization_id, product_id=domain.product_id)


def get_host(*, domain: Domain, host_id: int) -> DynamicHost:
    """Return one of the domain's DynDNS names.

    :raises HostNotFound: there is none.
    """
    host = find_hosts(domain=domain).filter(pk=host_id).first()
    if host is None:
        raise HostNotFound
    return host


def show_host(host: DynamicHost, domain: Domain) -> ShownHost:
    """Return the name with what the zone says of it."""
    addresses = tuple(
        record.value for record in domain.zone() if record.name == host.name and record.type in {"A", "AAAA"}
    )
    return ShownHost(host, host.readable_name(domain.name), addresses)


def split_user(user: str) -> tuple[int, int] | None:
    """Return the organization and the DynDNS name that a device's user name stands for; None where none."""
    owner, _dash, number = user.partition("-")
    organization_id, host_id = parse_id(owner), parse_id(number)
    return (organization_id, host_id) if organization_id is not None and host_id is not None else None


def find_by_key(*, organization_id: int, host_id: int, key: str) -> DynamicHost | None:
    """Return the DynDNS name whose key this is, in the scope of its organization; None where it is not."""
    hosts = DynamicHost.objects.filter(organization_id=organization_id, pk=host_id)
    host = hosts.select_related("product__plan", "organization").first()
    stored = host.key_hash if host is not None else ""
    # Compared in any case, so that nobody learns by the time which names there are.
    return host if constant_time_compare(stored, hash_secret(key)) else None
