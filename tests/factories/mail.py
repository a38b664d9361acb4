"""Mail services with their domain, mailboxes and routes."""

from datetime import datetime

from manager.kit.scope import tenant_scope
from organizations.profile.models import Organization
from products.catalog.models import Plan
from products.inventory.models import Product
from products.modules.mail.models import Mailbox, MailRoute
from products.modules.mail.services import NewMailbox, create_alias, create_mailbox
from products.provisioning.models import Service
from tests.factories.products import ACTOR, BEGIN, make_option, make_plan, make_product

PASSWORD = "quiet-harbour-violet-tandem"


def make_mail(organization: Organization, *, name: str, is_own_domain: bool = False) -> Product:
    """Return a mail service of five mailboxes whose service runs; with its domain registered here on wish."""
    plan = Plan.objects.filter(kind="mail", family__slug="web").first()
    if plan is None:
        plan = make_plan(kind="mail", needs_domain_name=True)
        make_option(plan, "mail-addresses", kind="number", included=5, minimum=5, maximum=100, step=1)
    if is_own_domain:
        make_product(organization, plan=make_plan(kind="domain", family="web"), name=name)
    product = make_product(organization, plan=plan, name=name)
    with tenant_scope(organization.pk):
        Service.objects.create(
            organization=organization, product=product, driver="local", state="running", updated_at=BEGIN
        )
    return product


def make_mailbox(product: Product, name: str = "anna", *, at: datetime, **fields: object) -> Mailbox:
    """Return a new mailbox of the product, not carried out yet."""
    wanted = NewMailbox(**{"name": name, "password": PASSWORD, **fields})
    with tenant_scope(product.organization_id):
        return create_mailbox(product=product, wanted=wanted, actor=ACTOR, at=at)


def make_alias(mailbox: Mailbox, name: str, *, at: datetime) -> MailRoute:
    """Return a new alias of the mailbox."""
    with tenant_scope(mailbox.organization_id):
        return create_alias(product=mailbox.product, name=name, mailbox=mailbox, actor=ACTOR, at=at)
