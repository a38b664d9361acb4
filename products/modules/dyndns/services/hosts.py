"""Add a DynDNS name with its key, give it another key, remove it. A key is told once and stored hashed."""

from datetime import datetime

from django.db import transaction

from manager.kit.actor import Actor
from manager.kit.tokens import hash_secret, make_secret
from organizations.audit.services import record_audit
from products.inventory.status import ProductStatus
from products.modules.domain.errors import DomainNotRunning
from products.modules.domain.models import Domain
from products.modules.domain.names import NameInvalid, clean_owner
from products.modules.domain.records import RecordInvalid, make_record
from products.modules.domain.rules import check_records
from products.modules.domain.services.zone import DYNAMIC_TTL
from products.modules.dyndns.errors import DynDNSNotBought, HostInvalid, HostTaken, TooManyHosts
from products.modules.dyndns.models import DynamicHost
from products.modules.dyndns.selectors import find_hosts, get_host, has_dyndns

MOST_HOSTS = 20
KEY_BYTES = 18
# An address that only shows whether the zone takes one for the name (RFC 5737).
ANY_ADDRESS = "192.0.2.1"


@transaction.atomic
def add_host(*, domain: Domain, name: str, actor: Actor, at: datetime) -> tuple[DynamicHost, str]:
    """Let devices keep the address of a name up to date; return it with its key, which is told this once.

    The name gets its first record when a device tells an address (PRD-12).

    :raises DynDNSNotBought: the option is not part of the offer.
    :raises DomainNotRunning: the domain is not active.
    :raises DomainError: the name is refused, taken, or one too many.
    """
    row = lock_domain(organization_id=domain.organization_id, product_id=domain.product_id)
    if row.product.status != ProductStatus.ACTIVE:
        raise DomainNotRunning
    if not has_dyndns(row.product):
        raise DynDNSNotBought
    owner = _clean_name(row, name)
    hosts = find_hosts(domain=row)
    if hosts.filter(name=owner).exists():
        raise HostTaken
    if hosts.count() >= MOST_HOSTS:
        raise TooManyHosts(TooManyHosts.message % {"count": MOST_HOSTS})
    key = make_secret(KEY_BYTES)
    host = DynamicHost.objects.create(
        organization_id=row.organization_id,
        product_id=row.product_id,
        name=owner,
        key_hash=hash_secret(key),
        created_at=at,
    )
    _record(row, "domain.dynamic_host_added", host, actor, at)
    return host, key


@transaction.atomic
def renew_key(*, domain: Domain, host_id: int, actor: Actor, at: datetime) -> tuple[DynamicHost, str]:
    """Give a DynDNS name another key, told this once; the former one is worth nothing then.

    :raises HostNotFound: there is none.
    """
    row = lock_domain(organization_id=domain.organization_id, product_id=domain.product_id)
    host = get_host(domain=row, host_id=host_id)
    key = make_secret(KEY_BYTES)
    host.key_hash = hash_secret(key)
    host.save(update_fields=["key_hash"])
    _record(row, "domain.dynamic_key_renewed", host, actor, at)
    return host, key


@transaction.atomic
def remove_host(*, domain: Domain, host_id: int, actor: Actor, at: datetime) -> None:
    """Take a DynDNS name away from its devices; the records in the zone stay as they are.

    :raises HostNotFound: there is none.
    """
    row = lock_domain(organization_id=domain.organization_id, product_id=domain.product_id)
    host = get_host(domain=row, host_id=host_id)
    _record(row, "domain.dynamic_host_removed", host, actor, at)
    host.delete()


def lock_domain(*, organization_id: int, product_id: int) -> Domain:
    """Return the locked domain, as by whoever changes its zone or its DynDNS names."""
    domains = Domain.objects.select_for_update(of=("self",)).select_related("product")
    return domains.get(organization_id=organization_id, product_id=product_id)


def _clean_name(domain: Domain, text: str) -> str:
    """Return the name as the zone has it, if an address can stand there."""
    try:
        owner = clean_owner(text, origin=domain.name)
        record = make_record(origin=domain.name, name=owner, kind="A", ttl=DYNAMIC_TTL, value=ANY_ADDRESS)
    except (NameInvalid, RecordInvalid) as error:
        raise HostInvalid from error
    others = [one for one in domain.zone() if (one.name, one.type) != (owner, "A")]
    check_records([*others, record], origin=domain.name)
    return owner


def _record(domain: Domain, name: str, host: DynamicHost, actor: Actor, at: datetime) -> None:
    record_audit(
        organization_id=domain.organization_id,
        name=name,
        actor=actor,
        at=at,
        subject=domain.product,
        host=host.full_name(domain.name),
    )
