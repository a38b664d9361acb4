"""One password for the account and the mailbox that is its login (MAIL-2, ACC-5)."""

from datetime import datetime, timedelta

import pytest
from django.contrib.auth.hashers import make_password
from django.test import Client

from accounts.users.models import User
from manager.kit.clock import now
from manager.outbox.models import OutboxEvent
from organizations.profile.models import Organization
from products.inventory.models import Product
from products.modules.mail.models import Mailbox
from products.modules.mail.passwords import is_password
from tests.factories.cast import client_of, make_member, make_person, make_tenant
from tests.factories.mail import PASSWORD, make_mail, make_mailbox
from tests.isolation.world import make_token

OLD, NEW = "quiet-harbour-violet-tandem", "seven-lantern-orchid-bridge"
PAGE = "/profile/security/password/"
OFFER = "Use it for my mailbox ben@example.ch, too"


@pytest.fixture
def ben(organization: Organization) -> User:
    """A member whose login is a mailbox of the organization."""
    user = make_member(organization, name="Ben Rossi")
    User.objects.filter(pk=user.pk).update(email="ben@example.ch", password=make_password(OLD))
    user.refresh_from_db()
    return user


def change(client: Client, **more: str) -> int:
    return client.post(PAGE, {"current": OLD, "password": NEW, **more}).status_code


def is_new() -> bool:
    return is_password(NEW, Mailbox.objects.using("system").get().password_hash)


def test_one_password_serves_for_both(ben: User, mail: Product, at: datetime) -> None:
    """MAIL-2: offered, and set in the same change; the password is in no event."""
    make_mailbox(mail, "ben", at=at)
    client = client_of(ben)
    assert OFFER in client.get(PAGE).content.decode()
    assert change(client, with_mailbox="on") == 302
    assert is_new()
    assert Mailbox.objects.using("system").get().status == "pending"
    assert NEW not in str(list(OutboxEvent.objects.using("system").values_list("payload", flat=True)))


def test_without_the_tick_the_mailbox_keeps_its_own(ben: User, mail: Product, at: datetime) -> None:
    """MAIL-2: an offer, no rule."""
    make_mailbox(mail, "ben", at=at)
    assert change(client_of(ben)) == 302
    assert not is_new()


@pytest.mark.parametrize("case", ["shared", "not-own", "suspended", "no-member", "unconfirmed", "mere-name"])
def test_it_is_offered_to_nobody_else(
    ben: User, mail: Product, organization: Organization, at: datetime, case: str
) -> None:
    """MAIL-2: only who alone reads it and may set its password; a posted tick changes nothing either."""
    fields = {"shared": {"is_shared": True}, "not-own": {"is_personal": False}}.get(case, {})
    if case == "mere-name":
        mail = make_mail(make_tenant(make_person("Mallory Stranger")), name="other.example")
        User.objects.filter(pk=ben.pk).update(email="ben@other.example")
    box = make_mailbox(mail, "ben", at=at, **fields)
    if case == "suspended":
        Mailbox.objects.using("system").filter(pk=box.pk).update(is_suspended=True)
    if case == "no-member":
        stranger = make_person("Ben Other")
        User.objects.filter(pk=ben.pk).update(email="ben@example.org")
        User.objects.filter(pk=stranger.pk).update(email="ben@example.ch", password=make_password(OLD))
        ben = stranger
    if case == "unconfirmed":
        User.objects.filter(pk=ben.pk).update(email_confirmed_at=None)
    ben.refresh_from_db()
    client = client_of(ben)
    assert "Use it for my mailbox" not in client.get(PAGE).content.decode()
    assert change(client, with_mailbox="on") == 302
    assert not is_new()


def test_the_api_refuses_what_the_page_does_not_offer(client: Client, ben: User, mail: Product) -> None:
    """MAIL-2, API-1: 409 and nothing changed; with a mailbox of one's own both change."""
    token = make_token(ben, scopes=("profile:write",), at=now() - timedelta(minutes=1))[1]
    body = {"current": OLD, "password": NEW, "with_mailbox": True}
    asked = {"content_type": "application/json", "headers": {"Authorization": f"Bearer {token}"}}
    assert client.post("/api/1/profile/password", body, **asked).status_code == 409
    ben.refresh_from_db()
    assert ben.check_password(OLD)
    make_mailbox(mail, "ben", at=now())
    assert client.post("/api/1/profile/password", body, **asked).status_code == 200
    assert is_new()


def test_the_mailbox_has_a_password_of_its_own_otherwise(mail: Product, at: datetime) -> None:
    """MAIL-1: what was given when it was made."""
    make_mailbox(mail, "ben", at=at)
    assert is_password(PASSWORD, Mailbox.objects.using("system").get().password_hash)
