"""Domains whose service runs, with the zone that they begin with."""

from datetime import datetime
from typing import Any

from manager.kit.scope import tenant_scope
from organizations.profile.models import Organization
from products.catalog.models import Option, OptionPrice, Plan
from products.inventory.models import Product, ProductOption
from products.modules.domain.models import Domain
from products.modules.domain.periodic import drain_domains
from products.modules.domain.records import Record, make_record
from products.modules.domain.services import add_record, prepare_domain
from products.modules.dyndns.models import DynamicHost
from products.modules.dyndns.services import add_host
from products.provisioning.models import Service, ServiceAction
from products.provisioning.periodic import drain_provisioning
from tests.factories.products import ACTOR, BEGIN, LONG_AGO, make_plan, make_product


def make_domain(organization: Organization, *, name: str = "example.ch", at: datetime = BEGIN) -> Domain:
    """Return a domain of the family `web` whose service runs, without asking any driver."""
    plan = Plan.objects.filter(kind="domain", family__slug="web").first() or make_plan(kind="domain")
    product = make_product(organization, plan=plan, name=name)
    with tenant_scope(organization.pk):
        Service.objects.create(
            organization=organization, product=product, driver="local", state="running", updated_at=BEGIN
        )
        return prepare_domain(product=product, at=at)


def buy_dyndns(domain: Domain) -> Domain:
    """Make DynDNS part of what was bought, at a price in its plan."""
    plan = Product.objects.using("system").select_related("plan").get(pk=domain.product_id).plan
    texts = dict.fromkeys(("en", "fr", "de", "it", "es"), "DynDNS")
    option, is_new = Option.objects.get_or_create(
        plan=plan, slug="dyndns", defaults={"kind": "switch", "names": texts, "position": 1}
    )
    if is_new:
        OptionPrice.objects.bulk_create(
            OptionPrice(option=option, currency=currency, months=months, amount=500, valid_from=LONG_AGO)
            for currency in ("CHF", "EUR")
            for months in (1, 12, 24)
        )
    with tenant_scope(domain.organization_id):
        ProductOption.objects.create(
            organization_id=domain.organization_id, product_id=domain.product_id, slug="dyndns", quantity=1
        )
    return domain


def drop_dyndns(domain: Domain) -> None:
    """Make DynDNS no part of it any more."""
    with tenant_scope(domain.organization_id):
        ProductOption.objects.filter(product_id=domain.product_id, slug="dyndns").delete()


def make_dynamic_host(domain: Domain, name: str = "home", *, at: datetime = BEGIN) -> tuple[DynamicHost, str]:
    """Return a DynDNS name of the domain, and its key."""
    with tenant_scope(domain.organization_id):
        return add_host(domain=domain, name=name, actor=ACTOR, at=at)


def reread_domain(domain: Domain) -> Domain:
    """Return the domain as it is now."""
    return Domain.objects.using("system").select_related("product", "organization").get(pk=domain.pk)


def carry_out(*, at: datetime) -> None:
    """Let the name servers and the registry do what was asked."""
    drain_domains(at=at)
    drain_provisioning(at=at)


def states_of(domain: Domain) -> dict[str, str]:
    """Return how what was asked for the domain stands, by action."""
    actions = ServiceAction.objects.using("system").filter(product_id=domain.product_id)
    return dict(actions.order_by("pk").values_list("slug", "status"))


def record(domain: Domain, kind: str, name: str, value: str, **more: Any) -> Record:
    """Return a checked record of the domain that is in no zone yet."""
    return make_record(origin=domain.name, kind=kind, name=name, value=value, **{"ttl": 3600, **more})


def put(domain: Domain, *records: Record, at: datetime = BEGIN) -> Domain:
    """Add records to the zone."""
    with tenant_scope(domain.organization_id):
        for one in records:
            domain, _added = add_record(domain=domain, record=one, actor=ACTOR, at=at)
    return domain
