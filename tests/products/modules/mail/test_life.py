"""What becomes of mailboxes when their product moves or ends (ORG-11, PRD-9, ACC-13)."""

from datetime import datetime, timedelta

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
from tests.factories.products import ACTOR


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
    reader = make_person("Ben Rossi", recovery_email="ben@example.org")
    User.objects.filter(pk=reader.pk).update(email="ben@example.ch")
    make_alias(make_mailbox(mail, "ben", at=at), "info", at=at)
    with tenant_scope(organization.pk):
        terminate_product(product=mail, actor=ACTOR, at=at)
    drain_outbox(at=at + timedelta(minutes=1))
    assert not Mailbox.objects.using("system").exists()
    assert not MailRoute.objects.using("system").exists()
    reader.refresh_from_db()
    assert reader.has_temporary_login
