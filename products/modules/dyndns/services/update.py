"""A device tells its address (PRD-12)."""

import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from manager.kit.actor import Actor
from products.inventory.status import ProductStatus
from products.modules.domain.errors import DomainNotRunning
from products.modules.domain.services import set_addresses
from products.modules.dyndns.errors import AddressRefused, DynDNSNotBought, HostNotFound
from products.modules.dyndns.models import DynamicHost
from products.modules.dyndns.selectors import find_hosts, has_dyndns
from products.modules.dyndns.services.hosts import lock_domain


@dataclass(frozen=True, slots=True)
class Told:
    """What a name's addresses are after a device told them, and whether that changed the zone."""

    addresses: tuple[str, ...]
    is_changed: bool


@transaction.atomic
def update_host(*, host: DynamicHost, addresses: Sequence[str], actor: Actor, at: datetime) -> Told:
    """Write the addresses that a device tells into the zone: one of each family, the other one stays.

    An address that is there already changes nothing and leaves no trace but its time.

    :raises HostNotFound: it was removed, or given another key, since its key was looked at.
    :raises DynDNSNotBought: the option is not part of the offer any more.
    :raises DomainNotRunning: the domain is not active.
    :raises AddressRefused: one is none, or nobody can reach it; or there are two of a family.
    :raises ZoneInvalid: the zone has something else at this name.
    """
    found = read_addresses(addresses)
    domain = lock_domain(organization_id=host.organization_id, product_id=host.product_id)
    mine = find_hosts(domain=domain).filter(pk=host.pk, key_hash=host.key_hash)
    if not mine.exists():
        raise HostNotFound
    if domain.product.status != ProductStatus.ACTIVE:
        raise DomainNotRunning
    if not has_dyndns(domain.product):
        raise DynDNSNotBought
    changed = set_addresses(domain=domain, name=host.name, addresses=found, actor=actor, at=at)
    mine.update(told_at=at, told_by=actor.agent)
    return Told(tuple(found.values()), changed.version != domain.version)


def read_addresses(given: Sequence[str]) -> dict[str, str]:
    """Return the addresses by the type of their record.

    :raises AddressRefused: one is none, or nobody can reach it; or there are two of a family, or none.
    """
    found: dict[str, str] = {}
    for text in given:
        try:
            address = ipaddress.ip_address(text.strip())
        except ValueError as error:
            raise AddressRefused from error
        mapped = getattr(address, "ipv4_mapped", None)
        address = mapped or address
        kind = "AAAA" if address.version == 6 else "A"
        refused = (address.is_loopback, address.is_multicast, address.is_unspecified, address.is_link_local)
        if any(refused) or "%" in str(address) or kind in found:
            raise AddressRefused
        found[kind] = str(address)
    if not found:
        raise AddressRefused
    return found
