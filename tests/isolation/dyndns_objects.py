"""Makers for DynDNS: a domain that has the option, and a name of it."""

from typing import Any

from organizations.profile.models import Organization
from products.modules.domain.models import Domain
from tests.factories.zones import buy_dyndns, make_dynamic_host
from tests.isolation.world import MAKERS, World, _numbers


def _domain(world: World, organization: Organization, made: dict[str, Any]) -> int:
    product_id: int = MAKERS["domain_product_id"](world, organization, made)
    buy_dyndns(Domain.objects.get(product_id=product_id))
    return product_id


def _host(world: World, organization: Organization, made: dict[str, Any]) -> int:
    product_id = made.get("dyndns_product_id") or _domain(world, organization, made)
    host, _key = make_dynamic_host(Domain.objects.get(product_id=product_id), f"host{next(_numbers)}")
    return host.pk


MAKERS.update({"dyndns_product_id": _domain, "host_id": _host})
