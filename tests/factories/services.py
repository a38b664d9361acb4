"""Products with their services: set up by the event of their activation, as in life."""

from datetime import datetime

from manager.kit.scope import tenant_scope
from manager.outbox.relay import drain_outbox
from organizations.profile.models import Organization
from products.catalog.models import Plan
from products.inventory.models import Product
from products.provisioning.models import Service, ServiceAction
from products.provisioning.periodic import drain_provisioning
from products.provisioning.services import ask_action
from tests.factories.cast import make_tenant
from tests.factories.products import ACTOR, BEGIN, make_plan, make_product


def make_served(
    organization: Organization | None = None,
    *,
    kind: str = "nas",
    at: datetime,
    is_set_up: bool = True,
    family: str = "web",
) -> Product:
    """Return an active product of this kind, whose service runs, or is due if not `is_set_up`."""
    product = make_product(organization or make_tenant(), plan=make_plan(kind=kind, family=family), at=at)
    drain_outbox(at=at)
    if is_set_up:
        drain_provisioning(at=at)
    return product


def make_nas(organization: Organization, *, name: str) -> Product:
    """Return a NAS of the family `web` whose service runs, without asking any driver."""
    plan = Plan.objects.filter(kind="nas", family__slug="web").first() or make_plan(kind="nas")
    product = make_product(organization, plan=plan, name=name)
    with tenant_scope(organization.pk):
        Service.objects.create(
            organization=organization, product=product, driver="local", state="running", updated_at=BEGIN
        )
    return product


def service_of(product: Product) -> Service:
    """Return the product's service as it is now."""
    return Service.objects.using("system").get(product_id=product.pk)


def ask(product: Product, slug: str, *, at: datetime) -> ServiceAction:
    """Ask the product's service for an action."""
    with tenant_scope(product.organization_id):
        return ask_action(
            organization_id=product.organization_id,
            product_id=product.pk,
            slug=slug,
            parameters={},
            actor=ACTOR,
            at=at,
        )


def reread_action(action: ServiceAction) -> ServiceAction:
    """Return the action as it is now."""
    return ServiceAction.objects.using("system").get(pk=action.pk)
