"""What follows from events: domains are set up, administrators are told."""

from manager.outbox.models import OutboxEvent
from products.inventory.models import Product
from products.modules.domain.emails import mail_administrators
from products.modules.domain.models import Domain
from products.modules.domain.selectors import KIND
from products.modules.domain.services import prepare_domain


def prepare(event: OutboxEvent) -> None:
    """Set up what a new domain begins with, however late or often this runs."""
    products = Product.objects.select_related("organization", "plan").filter(plan__kind=KIND)
    product = products.filter(pk=event.payload["product"], organization_id=event.organization_id).first()
    if product is not None:
        prepare_domain(product=product, at=event.created_at)


def forget_contacts(event: OutboxEvent) -> None:
    """Let the new organization's own data stand where the giver's contacts stood."""
    mine = Domain.objects.filter(organization_id=event.organization_id, product_id=event.payload["product"])
    mine.update(contacts={})


def email_name_servers_asked(event: OutboxEvent) -> None:
    """Tell all administrators: who changes the name servers takes over site and mail."""
    domain = _domain(event)
    if domain is not None:
        mail_administrators(
            template="domain_name_servers",
            domain=domain,
            page="products:domain_name_servers",
            facts={"servers": event.payload["servers"], "changed_by": event.payload["by"]},
            dedupe_key=str(event.pk),
            at=event.created_at,
        )


def email_auth_code_made(event: OutboxEvent) -> None:
    """Tell the other administrators that somebody has the code to move the domain away."""
    domain = _domain(event)
    if domain is not None:
        mail_administrators(
            template="domain_auth_code",
            domain=domain,
            page="products:domain_transfer",
            facts={"made_by": event.payload["by"], "made_at": event.created_at},
            dedupe_key=str(event.pk),
            at=event.created_at,
            without=event.payload["user"],
        )


def _domain(event: OutboxEvent) -> Domain | None:
    domains = Domain.objects.select_related("organization", "product")
    return domains.filter(organization_id=event.organization_id, product_id=event.payload["product"]).first()
