"""Mailboxes of the demonstration: a few of a company, one that several read, one that is away."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from accounts.users.models import User
from manager.demo.data.organizations import acting
from manager.demo.data.people import PASSWORD
from manager.kit.scope import tenant_scope
from organizations.profile.models import Organization
from products.inventory.models import Product
from products.inventory.status import ProductStatus
from products.modules.mail.periodic import drain_mail
from products.modules.mail.services import (
    NewMailbox,
    Reply,
    create_alias,
    create_mailboxes,
    create_redirection,
    set_reply,
)

OWNER, TENANT = "anna", "alpina"
# The people's password serves for all of them.
NAMES = ("anna", "marco", "office")


def add_mailboxes(
    *, organizations: Mapping[str, Organization], users: Mapping[str, User], at: datetime
) -> None:
    """Set up the mail of one company's first mail service."""
    alpina, anna = organizations[TENANT], users[OWNER]
    with tenant_scope(alpina.pk, anna.pk):
        products = Product.objects.filter(organization_id=alpina.pk, plan__slug="mail-service")
        product = products.filter(status=ProductStatus.ACTIVE).select_related("plan").order_by("pk").first()
        if product is None:
            return
        begun = at - timedelta(days=20)
        actor = acting(anna)
        wanted = [NewMailbox(name, PASSWORD, is_shared=name == "office") for name in NAMES]
        own, away, office = create_mailboxes(product=product, wanted=wanted, actor=actor, at=begun)
        for name in ("info", "hello"):
            create_alias(product=product, name=name, mailbox=office, actor=actor, at=begun)
        targets = [own.address, "accounting@demo.example"]
        create_redirection(product=product, name="billing", targets=targets, actor=actor, at=begun)
        reply = Reply("I am away", "Thank you. I am back next week and answer then.")
        set_reply(mailbox=away, reply=reply, actor=actor, at=begun)
    drain_mail(at=at)
