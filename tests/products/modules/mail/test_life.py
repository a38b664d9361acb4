"""What becomes of mailboxes when their product moves or ends (ORG-11, PRD-9, ACC-13)."""

from datetime import datetime, timedelta

import pytest

from accounts.users.models import User
from manager.kit.scope import tenant_scope
from manager.outbox.relay import drain_outbox
from organizations.profile.models import Organization
from products.inventory.models import Product
from products.inventory.services import terminate_product
from products.modules.mail.models import Mailbox, MailDomain, MailRoute
from products.modules.mail.periodic import drain_mail
from products.provisioning.models import Service
from products.transfer.secrets import transfer_key
from products.transfer.services import accept_transfer, offer_transfer
from tests.factories.cast import make_person, make_tenant
from tests.factories.mail import make_alias, make_mailbox
from tests.factories.members import actor_of, first_representative
from tests.factories.products import ACTOR, make_product


def test_mailboxes_travel_with_their_product(mail: Product, organization: Organization, at: datetime) -> None:
    """ORG-11: domain, mailboxes and routes are the new organization's, with the same ids."""
    box = make_mailbox(mail, at=at)
    alias = make_alias(box, "info", at=at)
    other = make_tenant(make_person("Charlie Keller"))
    leader = first_representative(organization).user
    with tenant_scope(organization.pk):
        offer = offer_transfer(
            product=mail, recipient=other, user_id=leader.pk, actor=actor_of(leader), at=at
        )
        key = transfer_key(offer)
    accept_transfer(key=key, recipient=other, actor=ACTOR, at=at)
    for model in (MailDomain, Mailbox, MailRoute):
        assert model.objects.using("system").get().organization_id == other.pk
    assert MailRoute.objects.using("system").get().pk == alias.pk
    assert drain_mail(at=at + timedelta(minutes=1)) == 2


def test_what_waits_is_left_while_the_product_is_suspended(mail: Product, at: datetime) -> None:
    """PRD-8: nothing is said to servers whose service does not run; it is done afterwards."""
    make_mailbox(mail, at=at)
    services = Service.objects.using("system").filter(product_id=mail.pk)
    services.update(state="suspended", wanted="suspended")
    assert drain_mail(at=at + timedelta(minutes=1)) == 0
    services.update(state="running", wanted="running")
    assert drain_mail(at=at + timedelta(minutes=2)) == 1


def test_a_terminated_product_takes_its_mailboxes_and_logins_along(
    mail: Product, organization: Organization, at: datetime
) -> None:
    """ACC-13: the address opens nothing any more, so who signs in with it needs another one."""
    reader = _reader_of(mail, at)
    with tenant_scope(organization.pk):
        box = Mailbox.objects.get()
    make_alias(box, "info", at=at)
    with tenant_scope(organization.pk):
        terminate_product(product=mail, actor=ACTOR, at=at)
    drain_outbox(at=at + timedelta(minutes=1))
    assert not Mailbox.objects.using("system").exists()
    assert not MailRoute.objects.using("system").exists()
    reader.refresh_from_db()
    assert reader.has_temporary_login


@pytest.mark.parametrize("first", ["domain", "mail"])
def test_a_login_is_replaced_when_domain_and_mail_end_together(
    mail: Product, organization: Organization, at: datetime, first: str
) -> None:
    """ACC-13, PRD-9: whichever of them ends first, and however late it is carried out."""
    reader = _reader_of(mail, at)
    with tenant_scope(organization.pk):
        both = Product.objects.filter(plan__kind__in=["domain", "mail"]).order_by("plan__kind")
        for product in both if first == "domain" else both.reverse():
            terminate_product(product=product, actor=ACTOR, at=at)
    drain_outbox(at=at + timedelta(minutes=1))
    reader.refresh_from_db()
    assert reader.has_temporary_login


def test_a_login_is_left_alone_where_the_domain_is_somebody_elses_by_now(
    mail: Product, organization: Organization, at: datetime
) -> None:
    """ACC-13: the address may belong to another mailbox then; and a mere name proves nothing."""
    reader = _reader_of(mail, at)
    with tenant_scope(organization.pk):
        domain = Product.objects.select_related("plan").get(plan__kind="domain")
        terminate_product(product=domain, actor=ACTOR, at=at)
        terminate_product(product=mail, actor=ACTOR, at=at)
    make_product(make_tenant(make_person("Charlie Keller")), plan=domain.plan, name=domain.name)
    drain_outbox(at=at + timedelta(minutes=1))
    assert not Mailbox.objects.using("system").exists()
    reader.refresh_from_db()
    assert not reader.has_temporary_login


def _reader_of(mail: Product, at: datetime) -> User:
    """Return a person who signs in with the address of a new mailbox."""
    reader = make_person("Ben Rossi", recovery_email="ben@example.org")
    User.objects.filter(pk=reader.pk).update(email="ben@example.ch")
    make_mailbox(mail, "ben", at=at)
    return reader
