"""Receivers of billing messages outside of the members: asked, confirmed, refused, removed (ORG-11)."""

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.sessions.limits import TooManyAttempts
from accounts.users.models import User
from billing.invoices.services import finalize_invoice
from billing.receivers.errors import (
    LinkExpired,
    NothingToReceive,
    ReceiverKnown,
    ReceiverRefuses,
    TooManyReceivers,
)
from billing.receivers.models import BillingReceiver
from billing.receivers.secrets import confirm_key, stop_key
from billing.receivers.selectors import find_receivers, list_receivers
from billing.receivers.services import (
    accept_messages,
    add_receiver,
    ask_receiver,
    refuse_messages,
    remove_receivers,
)
from billing.receivers.services.ask import ASKED_PER_ADDRESS, MOST
from billing.receivers.status import Message, ReceiverStatus
from manager.kit.errors import NotFound
from manager.kit.scope import tenant_scope
from manager.outbox.models import OutgoingMail
from manager.outbox.relay import drain_outbox
from organizations.audit.models import AuditEvent
from organizations.deletion.services import delete_organization
from organizations.members.models import Membership
from organizations.profile.models import Organization
from tests.factories.billing import ACTOR, AT, make_invoice, make_legal_entity, pay_invoice
from tests.factories.cast import client_of, make_member, make_person, make_tenant

OFFICE = "office@treuhand.example"


@pytest.fixture
def owner() -> User:
    return make_person("Anna Keller")


@pytest.fixture
def organization(owner: User) -> Iterator[Organization]:
    make_legal_entity()
    organization = make_tenant(owner)
    with tenant_scope(organization.pk):
        yield organization


def add(organization: Organization, email: str = OFFICE, **changes: Any) -> BillingReceiver:
    values: dict[str, Any] = {"name": "Treuhand AG", "language": "de", "messages": ["invoices"]} | changes
    return add_receiver(organization=organization, email=email, **values, actor=ACTOR, at=AT)


def accept(row: BillingReceiver) -> BillingReceiver:
    secret = confirm_key(row).partition("-")[2]
    return accept_messages(receiver=row, secret=secret, actor=ACTOR, at=row.asked_at)


def refuse(row: BillingReceiver) -> BillingReceiver:
    return refuse_messages(receiver=row, secret=stop_key(row).partition("-")[2], actor=ACTOR, at=AT)


def mails(**values: Any) -> list[OutgoingMail]:
    return list(OutgoingMail.objects.using("system").filter(**values).order_by("id"))


def page_of(key: str) -> str:
    return reverse("billing:answer_receiver", args=[key])


class TestAsking:
    def test_sends_nothing_before_the_reader_has_agreed(self, organization: Organization) -> None:
        """ORG-11: the question goes there, no invoice."""
        row = add(organization, " Office@Treuhand.Example ")
        pay_invoice(make_invoice(organization))
        drain_outbox(at=AT)
        (mail,) = mails(recipient=OFFICE)
        assert (mail.template, mail.language, row.status) == (
            "billing_receiver_asked",
            "de",
            ReceiverStatus.WAITING,
        )
        assert page_of(confirm_key(row)) in mail.text
        assert confirm_key(row) in mail.html
        assert not BillingReceiver.objects.filter(token_hash__contains=confirm_key(row)[:20]).exists()

    def test_a_new_link_makes_the_former_one_worthless(self, organization: Organization) -> None:
        """ORG-11: and the mail that asks is sent again."""
        former = add(organization)
        later = AT + timedelta(hours=1)
        row = ask_receiver(receiver=former, actor=ACTOR, at=later)
        drain_outbox(at=later)
        assert [mail.template for mail in mails(recipient=OFFICE)] == ["billing_receiver_asked"]
        with pytest.raises(NotFound):
            accept(former)
        assert accept(row).status == ReceiverStatus.ACTIVE
        assert ask_receiver(receiver=row, actor=ACTOR, at=later).asked_at == later

    def test_nobody_can_flood_an_address(self, organization: Organization) -> None:
        """ACC-17: not even by removing and adding it again, nor from several organizations."""
        for _ in range(ASKED_PER_ADDRESS):
            row = add(organization)
            remove_receivers(organization=organization, receiver_ids=[row.pk], actor=ACTOR, at=AT)
        other = make_tenant(make_person("Bob Rossi"))
        with tenant_scope(other.pk), pytest.raises(TooManyAttempts):
            add(other)

    def test_refuses_what_cannot_be_asked(self, organization: Organization) -> None:
        """ORG-11: twice, without a kind, and more than 20."""
        add(organization)
        with pytest.raises(ReceiverKnown):
            add(organization)
        with pytest.raises(NothingToReceive):
            add(organization, "other@treuhand.example", messages=["unheard"])
        for number in range(MOST - 1):
            add(organization, f"inbox{number}@treuhand.example")
        with pytest.raises(TooManyReceivers):
            add(organization, "last@treuhand.example")


class TestAnswering:
    def test_a_link_grows_old_for_yes_but_never_for_no(self, organization: Organization) -> None:
        """ORG-11."""
        row = add(organization)
        secret = confirm_key(row).partition("-")[2]
        with pytest.raises(LinkExpired):
            accept_messages(receiver=row, secret=secret, actor=ACTOR, at=row.expires_at)
        later = AT + timedelta(days=400)
        assert refuse_messages(receiver=row, secret=secret, actor=ACTOR, at=later).status == "refused"

    def test_a_refusal_outlives_the_removal(self, organization: Organization) -> None:
        """ORG-11: only the reader takes it back; a link that never agreed cannot."""
        row = refuse(accept(add(organization)))
        with pytest.raises(ReceiverRefuses):
            ask_receiver(receiver=row, actor=ACTOR, at=AT)
        remove_receivers(organization=organization, receiver_ids=[row.pk], actor=ACTOR, at=AT)
        assert not find_receivers(organization=organization).exists()
        with pytest.raises(ReceiverRefuses):
            add(organization)
        back = accept_messages(
            receiver=row, secret=stop_key(row).partition("-")[2], actor=ACTOR, at=AT + timedelta(days=400)
        )
        assert (back.status, find_receivers(organization=organization).count()) == ("active", 1)

    def test_the_page_tells_the_name_of_the_organization_only(self, organization: Organization) -> None:
        """ORG-17: looking changes nothing, posting answers, twice is once."""
        row = add(organization)
        path, visitor = page_of(confirm_key(row)), Client()
        seen = visitor.get(path)
        assert BillingReceiver.objects.get().status == ReceiverStatus.WAITING
        text = seen.content.decode()
        assert organization.name in text
        assert not any(secret in text for secret in (OFFICE, "Treuhand", "Keller"))
        assert visitor.post(path, {"answer": "perhaps"}).status_code == 422
        for _ in range(2):
            assert visitor.post(path, {"answer": "yes"}).status_code == 200
        assert BillingReceiver.objects.get().status == ReceiverStatus.ACTIVE
        assert AuditEvent.objects.filter(name="billing_receiver.confirmed").count() == 1
        assert visitor.post(page_of(stop_key(row)), {"answer": "no"}).status_code == 200
        assert BillingReceiver.objects.get().status == ReceiverStatus.REFUSED

    @pytest.mark.parametrize("key", ["1-wrong", "x", "0-", "99999999999999999999-a"], ids=str)
    def test_a_wrong_link_is_a_missing_page(self, organization: Organization, key: str) -> None:
        """ORG-17."""
        add(organization)
        assert Client().get(page_of(key)).status_code == 404

    def test_another_organization_cannot_be_named_in_the_link(self, organization: Organization) -> None:
        """ORG-17: the secret is looked up in the named organization alone."""
        row = add(organization)
        other = make_tenant(make_person("Bob Rossi"))
        key = f"{other.pk}-{confirm_key(row).partition('-')[2]}"
        assert Client().get(page_of(key)).status_code == 404


class TestMessages:
    def test_a_document_goes_there_without_a_way_in(self, organization: Organization, owner: User) -> None:
        """ORG-11, BIL-11: amounts and the PDF, in its language, and the way out as the only link."""
        row = accept(add(organization))
        pay_invoice(make_invoice(organization))
        finalize_invoice(invoice=make_invoice(organization), actor=ACTOR, at=AT)
        drain_outbox(at=AT)
        for template in ("invoice_paid", "invoice_issued"):
            inside, outside = mails(template=template)
            assert (inside.recipient, outside.recipient) == (owner.email, OFFICE)
            assert outside.language == "de"
            assert outside.attachments == inside.attachments
            assert "108" in outside.text
            assert links_of(outside) == {page_of(stop_key(row))}
            assert page_of(stop_key(row)) not in inside.text + inside.html

    def test_each_kind_goes_to_who_chose_it(self, organization: Organization, owner: User) -> None:
        """ORG-11: once where a member has the same address; what asks to act never goes outside."""
        accept(add(organization))
        accept(add(organization, "scan@treuhand.example", messages=["reminders", "balance"]))
        accept(add(organization, owner.email, messages=list(Message.values)))
        add(organization, "silent@treuhand.example")

        def outside(message: str | None) -> list[str]:
            found = list_receivers(organization_id=organization.pk, message=message)
            assert found[0].email == owner.email
            return [receiver.email for receiver in found[1:]]

        assert outside(Message.INVOICES) == [OFFICE]
        assert outside(Message.REMINDERS) == outside(Message.BALANCE) == ["scan@treuhand.example"]
        assert outside(None) == []

    def test_an_address_outside_replaces_no_member(self, organization: Organization, owner: User) -> None:
        """ORG-11: without a member who chose them, the representatives get the messages still."""
        accept(add(organization))
        Membership.objects.filter(user=owner).update(has_billing=False)
        found = list_receivers(organization_id=organization.pk, message=Message.INVOICES)
        assert [receiver.email for receiver in found] == [owner.email, OFFICE]

    def test_goes_with_the_organization(self, organization: Organization) -> None:
        """ORG-14."""
        accept(add(organization))
        delete_organization(
            membership=Membership.objects.get(),
            typed_name=organization.name,
            mail_invoices=False,
            actor=ACTOR,
            at=AT,
        )
        drain_outbox(at=AT)
        assert not BillingReceiver.objects.exists()


def links_of(mail: OutgoingMail) -> set[str]:
    """Return the paths of all links of a mail into the panel, but for its bare address."""
    found = re.findall(r"https?://[^/\s\"<]+(/[^\s\"<]+)", mail.text + mail.html)
    return {path for path in found if path != "/"}


class TestPages:
    def test_adds_lists_changes_asks_again_and_removes(
        self, organization: Organization, owner: User, query_count: Any
    ) -> None:
        """ORG-11: the story of a receiver, with bad input beside its field."""
        client = client_of(owner)
        names = ("receivers", "add_receiver", "remove_receivers")
        listing, adding, removing = (reverse(f"billing:{name}", args=[organization.pk]) for name in names)
        assert b"No address outside yet" in client.get(listing).content
        values = {"name": "Treuhand AG", "email": OFFICE, "language": "fr", "messages": ["invoices"]}
        assert client.post(adding, values | {"email": "nobody"}).status_code == 422
        assert client.post(adding, values | {"messages": []}).status_code == 422
        assert client.post(adding, values).status_code == 302
        again = client.post(adding, values)
        assert (again.status_code, b"in the list already" in again.content) == (422, True)
        row = BillingReceiver.objects.get()
        editing, asking = (
            reverse(f"billing:{name}", args=[organization.pk, row.pk])
            for name in ("edit_receiver", "ask_receiver")
        )
        client.post(editing, {"name": "Scanner", "language": "it", "messages": ["balance", "reminders"]})
        row.refresh_from_db()
        assert (row.name, row.language, row.messages) == ("Scanner", "it", ["reminders", "balance"])
        client.post(asking)
        assert AuditEvent.objects.filter(name="billing_receiver.asked_again").count() == 1
        assert OFFICE.encode() in client.get(listing, {"q": "scan", "status": "waiting"}).content
        assert b"Nothing matches" in client.get(listing, {"status": "active"}).content
        with query_count() as one:
            client.get(listing)
        second = add(organization, "second@treuhand.example")
        with query_count() as two:
            client.get(listing)
        assert one.count == two.count
        chosen = {"selected": [row.pk, second.pk]}
        assert b"second@treuhand.example" in client.post(removing, chosen).content
        assert BillingReceiver.objects.count() == 2
        assert client.post(removing, chosen | {"asked": "yes"}).status_code == 302
        assert not BillingReceiver.objects.exists()

    def test_needs_the_billing_right(self, organization: Organization) -> None:
        """ORG-9."""
        client = client_of(make_member(organization, name="Carol Blanc"))
        assert client.get(reverse("billing:receivers", args=[organization.pk])).status_code == 403
