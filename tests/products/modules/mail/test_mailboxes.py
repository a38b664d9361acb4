"""Mailboxes of a domain: made, carried out, changed, suspended, deleted (MAIL-1, ACC-13)."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from accounts.users.models import User
from manager.kit.scope import tenant_scope
from manager.outbox.models import OutboxEvent, OutgoingMail
from manager.outbox.relay import drain_outbox
from organizations.audit.models import AuditEvent
from organizations.profile.models import Organization
from products.inventory.models import Product, ProductOption
from products.inventory.services import rename_product
from products.modules.mail.models import Mailbox, MailDomain, MailRoute
from products.modules.mail.passwords import SCHEME, is_password
from products.modules.mail.periodic import drain_mail
from products.provisioning.models import PlannedFault
from tests.factories.cast import client_of, grant, make_member, make_person, make_tenant
from tests.factories.mail import PASSWORD, make_alias, make_mail, make_mailbox
from tests.factories.products import ACTOR

MAILBOXES = Mailbox.objects.using("system")
ROUTES = MailRoute.objects.using("system")


def page_of(product: Product, *more: object) -> str:
    path = "".join(f"{part}/" for part in more)
    return f"/o/{product.organization_id}/products/{product.pk}/mail/{path}"


def states() -> dict[str, str]:
    return dict(MAILBOXES.order_by("address").values_list("address", "status"))


def test_a_mailbox_is_made_carried_out_and_shown(alice: Client, mail: Product, at: datetime) -> None:
    """MAIL-1: the page makes it, the driver carries it out; only a hash is kept, and nowhere the password."""
    fields = {"name": "Anna", "password": PASSWORD, "quota_gb": "20", "is_personal": "on"}
    assert alice.post(page_of(mail, "new"), fields).status_code == 302
    box = MAILBOXES.get()
    assert (box.address, box.status, box.quota_gb, box.is_shared) == ("anna@example.ch", "pending", 20, False)
    assert box.password_hash.startswith(f"{SCHEME}$argon2id$")
    assert is_password(PASSWORD, box.password_hash)
    assert not is_password("another-password-altogether", box.password_hash)
    assert drain_mail(at=at + timedelta(minutes=1)) == 1
    assert states() == {"anna@example.ch": "active"}
    assert drain_mail(at=at + timedelta(minutes=2)) == 0
    listed = alice.get(page_of(mail)).content.decode()
    assert "anna@example.ch" in listed
    assert "1 of 5" in listed
    events = str(list(OutboxEvent.objects.using("system").values_list("payload", flat=True)))
    logged = str(list(AuditEvent.objects.using("system").values_list("data", flat=True)))
    assert PASSWORD not in events + logged
    assert "argon2" not in events + logged


@pytest.fixture
def taken(mail: Product, at: datetime) -> Mailbox:
    """A mailbox with an alias."""
    box = make_mailbox(mail, "taken", at=at)
    make_alias(box, "alias", at=at)
    box.product = mail
    return box


@pytest.mark.parametrize(
    ("name", "password", "told"),
    [
        ("anna", "short", "at least 15 characters"),
        ("anna", "anna@example.ch-anna", "easy to guess"),
        ("a b", PASSWORD, "Use letters, digits"),
        ("a..b", PASSWORD, "Use letters, digits"),
        ("ünal", PASSWORD, "Use letters, digits"),
        ("taken", PASSWORD, "in use already"),
        ("alias", PASSWORD, "in use already"),
    ],
    ids=["short", "own-words", "blank", "dots", "umlaut", "taken", "alias"],
)
def test_refuses_what_cannot_be_a_mailbox(
    alice: Client, taken: Mailbox, name: str, password: str, told: str
) -> None:
    """MAIL-1, ACC-17: 422 beside the field, and nothing is made."""
    page = page_of(taken.product, "new")
    answer = alice.post(page, {"name": name, "password": password, "quota_gb": "1"})
    assert answer.status_code == 422
    assert told in answer.content.decode()
    assert list(states()) == ["taken@example.ch"]


def test_the_offer_limits_the_mailboxes(alice: Client, mail: Product, at: datetime) -> None:
    """MAIL-1: included ones, or what the option was bought for; several lines are all or none."""
    lines = "\n".join(f"user{number},{PASSWORD},2" for number in range(6))
    answer = alice.post(page_of(mail, "import"), {"lines": lines})
    assert answer.status_code == 422
    assert "All mailboxes of the offer are in use" in answer.content.decode()
    assert not states()
    with tenant_scope(mail.organization_id):
        ProductOption.objects.create(
            organization_id=mail.organization_id, product=mail, slug="mail-addresses", quantity=6
        )
    assert alice.post(page_of(mail, "import"), {"lines": lines}).status_code == 302
    assert len(states()) == 6
    assert "user0@example.ch" in alice.get(page_of(mail)).content.decode()
    assert alice.post(page_of(mail, "import"), {"lines": f"x,{PASSWORD},2,3"}).status_code == 422
    assert alice.post(page_of(mail, "new"), {"name": "x", "password": PASSWORD}).status_code == 422


def test_what_the_servers_refuse_is_tried_again_and_then_shown(
    alice: Client, mail: Product, at: datetime
) -> None:
    """MAIL-1: later and later, eight times; a member has it tried once more."""
    box = make_mailbox(mail, at=at)
    PlannedFault.objects.create(operation="set-mailbox", remaining=8, message="No room.")
    for hours in range(8):
        drain_mail(at=at + timedelta(hours=7 * hours))
    assert states() == {"anna@example.ch": "failed"}
    assert "This could not be carried out" in alice.get(page_of(mail, box.pk)).content.decode()
    fields = {"do": "retry", "selected": box.pk, "asked": "yes"}
    assert alice.post(page_of(mail, "selected"), fields).status_code == 302
    assert drain_mail(at=at + timedelta(days=3)) == 1
    assert states() == {"anna@example.ch": "active"}


def test_what_changes_meanwhile_is_not_overwritten(mail: Product, at: datetime, alice: Client) -> None:
    """INC-25: a worker that ends with what stood there before leaves the newer wish due."""
    box = make_mailbox(mail, at=at)
    MAILBOXES.filter(pk=box.pk).update(due_at=at + timedelta(minutes=10), fence=box.fence + 1)
    alice.post(page_of(mail, box.pk), {"quota_gb": "50"})
    now = MAILBOXES.get()
    assert (now.quota_gb, now.status, now.fence) == (50, "pending", box.fence + 2)
    assert drain_mail(at=at + timedelta(minutes=1)) == 1
    assert states() == {"anna@example.ch": "active"}


def test_suspending_and_deleting_ask_first(alice: Client, mail: Product, at: datetime) -> None:
    """MAIL-1: several at once; a deletion needs its box ticked, and takes aliases along."""
    first, second = make_mailbox(mail, "anna", at=at), make_mailbox(mail, "ben", at=at)
    make_alias(first, "info", at=at)
    drain_mail(at=at)
    both = {"selected": [first.pk, second.pk]}
    asked = alice.post(page_of(mail, "selected"), {"do": "suspend", **both})
    assert "ben@example.ch" in asked.content.decode()
    assert not MAILBOXES.filter(is_suspended=True).exists()
    alice.post(page_of(mail, "selected"), {"do": "suspend", "asked": "yes", **both})
    assert MAILBOXES.filter(is_suspended=True, status="pending").count() == 2
    alice.post(page_of(mail, "selected"), {"do": "resume", "asked": "yes", "selected": second.pk})
    assert MAILBOXES.get(pk=second.pk).is_suspended is False
    deletion = {"do": "delete", "asked": "yes", "selected": first.pk}
    assert alice.post(page_of(mail, "selected"), deletion).status_code == 422
    assert alice.post(page_of(mail, "selected"), {**deletion, "understood": "on"}).status_code == 302
    assert states() == {"anna@example.ch": "leaving", "ben@example.ch": "pending"}
    drain_mail(at=at + timedelta(minutes=1))
    assert states() == {"ben@example.ch": "active"}
    assert not ROUTES.exists()
    assert alice.post(page_of(mail, "selected"), {"do": "explode", **both}).status_code == 404


def test_deleting_the_mailbox_of_a_login_gives_a_temporary_one(
    alice: Client, mail: Product, organization: Organization, at: datetime
) -> None:
    """ACC-13: through the event; the technical contacts are told by mail."""
    user = make_person("Ben Rossi", recovery_email="ben@example.org")
    User.objects.filter(pk=user.pk).update(email="ben@example.ch")
    box = make_mailbox(mail, "ben", at=at)
    fields = {"do": "delete", "asked": "yes", "understood": "on", "selected": box.pk}
    alice.post(page_of(mail, "selected"), fields)
    drain_outbox(at=at + timedelta(minutes=1))
    user.refresh_from_db()
    assert user.has_temporary_login
    mails = OutgoingMail.objects.using("system").filter(subject__contains="ben@example.ch")
    assert "Alice Meier has deleted the mailbox" in mails.get().text


def test_a_mere_name_of_a_domain_takes_nobodys_login(at: datetime) -> None:
    """ACC-13, INC-19: who orders mail for a domain that is not registered here reaches no account by it."""
    owner = make_person("Mallory Stranger")
    product = make_mail(make_tenant(owner), name="victim.example")
    victim = make_person("Victor Example")
    User.objects.filter(pk=victim.pk).update(email="victor@victim.example")
    box = make_mailbox(product, "victor", at=at)
    fields = {"do": "delete", "asked": "yes", "understood": "on", "selected": box.pk}
    client_of(owner).post(page_of(product, "selected"), fields)
    drain_outbox(at=at + timedelta(minutes=1))
    victim.refresh_from_db()
    assert victim.email == "victor@victim.example"


def test_a_domain_of_another_organization_is_refused(mail: Product, at: datetime) -> None:
    """INC-1: whose domain it is here decides."""
    owner = make_person("Mallory Stranger")
    product = make_mail(make_tenant(owner), name="example.ch")
    answer = client_of(owner).post(
        page_of(product, "new"), {"name": "anna", "password": PASSWORD, "quota_gb": "1"}
    )
    assert "belongs to another organization" in answer.content.decode()
    assert not states()


def test_the_domain_stays_when_the_product_is_renamed(mail: Product, at: datetime) -> None:
    """MAIL-1: a name is for the panel; the addresses keep their domain."""
    make_mailbox(mail, "anna", at=at)
    with tenant_scope(mail.organization_id):
        mail = rename_product(product=mail, name="Our mail", actor=ACTOR, at=at)
    make_mailbox(mail, "ben", at=at)
    assert list(states()) == ["anna@example.ch", "ben@example.ch"]
    assert MailDomain.objects.using("system").get().name == "example.ch"


def test_the_list_is_searched_filtered_and_costs_the_same(
    alice: Client, mail: Product, at: datetime, query_count: Callable[[], AbstractContextManager[Any]]
) -> None:
    """UI-2: by a part of the address and the state; the same queries for one as for many."""
    assert "No mailboxes yet" in alice.get(page_of(mail)).content.decode()
    seen = []
    for names in (["anna"], ["ben", "cleo", "dora"]):
        for name in names:
            make_mailbox(mail, name, at=at)
        with query_count() as counted:
            alice.get(page_of(mail))
        seen.append(counted.count)
    assert seen[0] == seen[1]
    found = alice.get(page_of(mail), {"q": "CLE"}).content.decode()
    assert "cleo@" in found
    assert "anna@" not in found
    assert "No mailbox matches" in alice.get(page_of(mail), {"status": "suspended"}).content.decode()
    assert alice.get(page_of(mail), {"status": "purple"}).status_code == 400


@pytest.mark.parametrize(("level", "status"), [("view", 403), ("manage", 302)])
def test_who_only_sees_the_product_changes_nothing(
    mail: Product, organization: Organization, at: datetime, level: str, status: int
) -> None:
    """ORG-13: by the grant on the product; strangers find nothing."""
    box = make_mailbox(mail, at=at)
    guest = make_member(organization, "external")
    grant(organization, guest, level, product_id=mail.pk)
    client = client_of(guest)
    assert client.get(page_of(mail, box.pk)).status_code == 200
    assert client.post(page_of(mail, box.pk), {"quota_gb": "9"}).status_code == status
    fields = {"name": "x", "password": PASSWORD, "quota_gb": "1"}
    assert client.post(page_of(mail, "new"), fields).status_code == status
    stranger = client_of(make_person("Charlie Stranger"))
    assert stranger.get(page_of(mail)).status_code == 404
    assert MAILBOXES.count() == (2 if level == "manage" else 1)
