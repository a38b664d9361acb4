"""Domains whose service runs, with the zone that they begin with."""

from datetime import datetime
from typing import Any

from manager.kit.scope import tenant_scope
from organizations.profile.models import Organization
from products.catalog.models import Plan
from products.modules.domain.models import Domain
from products.modules.domain.periodic import drain_domains
from products.modules.domain.records import Record, make_record
from products.modules.domain.services import add_record, prepare_domain
from products.provisioning.models import Service, ServiceAction
from products.provisioning.periodic import drain_provisioning
from tests.factories.products import ACTOR, BEGIN, make_plan, make_product


def make_domain(organization: Organization, *, name: str = "example.ch", at: datetime = BEGIN) -> Domain:
    """Return a domain of the family `web` whose service runs, without asking any driver."""
    plan = Plan.objects.filter(kind="domain", family__slug="web").first() or make_plan(kind="domain")
    product = make_product(organization, plan=plan, name=name)
    with tenant_scope(organization.pk):
        Service.objects.create(
            organization=organization, product=product, driver="local", state="running", updated_at=BEGIN
        )
        return prepare_domain(product=product, at=at)


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
