"""Deleting an organization (ORG-14)."""

import time
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import IntegrityError

from billing.payment_methods.models import PaymentMethod
from billing.profiles.models import BillingAddress
from manager.kit.errors import NotFound
from manager.kit.scope import tenant_scope
from manager.outbox.models import OutgoingMail
from manager.outbox.relay import drain_outbox
from organizations.access.roles import Role
from organizations.audit.models import AuditEvent
from organizations.deletion.conditions import list_conditions
from organizations.deletion.services import delete_organization
from organizations.deletion.services.delete import ConditionsNotMet, NameDiffers, OnlyRepresentative
from organizations.members.models import Membership
from organizations.members.services import accept_invitation
from organizations.profile.models import Organization
from tests.factories.billing import make_address, make_invoice, pay_invoice
from tests.factories.cast import AT, client_of, make_member, make_tenant
from tests.factories.members import actor_of, first_representative, invite, membership_of
from tests.factories.orders import make_order
from tests.factories.products import make_product
from tests.isolation.world import make_token


@pytest.fixture
def organization() -> Organization:
    return make_tenant(name="Example AG")


def delete(organization: Organization, name: str = "Example AG", **more: Any) -> Organization:
    membership = first_representative(organization)
    values = {"mail_invoices": False, "actor": actor_of(membership.user), "at": AT, **more}
    return delete_organization(membership=membership, typed_name=name, **values)


def missing_of(organization: Organization) -> set[str]:
    with tenant_scope(organization.pk):
        found = list_conditions(organization_id=organization.pk, at=AT)
    return {condition.code for condition in found if not condition.met}


def row_of(organization: Organization) -> Organization:
    return Organization.objects.using("system").get(pk=organization.pk)


class TestTheConditions:
    def test_are_all_met_by_an_empty_organization(self, organization: Organization) -> None:
        """ORG-14: each can be told apart."""
        with tenant_scope(organization.pk):
            found = list_conditions(organization_id=organization.pk, at=AT)
        assert {condition.code for condition in found} == {
            "no_other_member",
            "no_open_withdrawal",
            "no_product_left",
            "no_unpaid_invoice",
            "no_pending_order",
            "no_prepaid_balance",
            "no_open_payment",
        }
        assert all(condition.met and condition.url and condition.detail for condition in found)

    def test_another_member(self, organization: Organization) -> None:
        """ORG-14"""
        make_member(organization)
        assert missing_of(organization) == {"no_other_member"}

    def test_a_product(self, organization: Organization) -> None:
        """ORG-14: also one that waits for its payment."""
        make_product(organization, activated=False)
        assert missing_of(organization) == {"no_product_left"}

    def test_an_unpaid_invoice(self, organization: Organization) -> None:
        """ORG-14: a draft is enough."""
        invoice = make_invoice(organization)
        assert missing_of(organization) == {"no_unpaid_invoice"}
        pay_invoice(invoice)
        assert missing_of(organization) == set()

    def test_a_pending_order(self, organization: Organization) -> None:
        """ORG-14: with its product and its draft."""
        make_order(organization)
        assert missing_of(organization) == {"no_pending_order", "no_unpaid_invoice", "no_product_left"}

    @pytest.mark.parametrize("wanted", ["no_other_member", "no_product_left", "no_unpaid_invoice"])
    def test_each_keeps_the_verb_from_deleting(self, organization: Organization, wanted: str) -> None:
        """ORG-14: asked again under the lock, whatever the page has shown."""
        makers = {
            "no_other_member": make_member,
            "no_product_left": make_product,
            "no_unpaid_invoice": make_invoice,
        }
        makers[wanted](organization)  # type: ignore[operator]
        with pytest.raises(ConditionsNotMet) as refused:
            delete(organization)
        assert refused.value.context["conditions"] == [wanted]
        assert row_of(organization).deleted_at is None


class TestADeletedOrganization:
    def test_can_be_entered_by_nobody(self, organization: Organization) -> None:
        """ORG-14: not by page, not by token; the login stays."""
        leader = first_representative(organization).user
        secret = make_token(leader, scopes=("organizations:read",), bound=organization.pk)[1]
        delete(organization)
        client = client_of(leader)
        assert client.get(f"/o/{organization.pk}/").status_code == 404
        assert client.get("/organizations/").status_code == 200
        headers = {"authorization": f"Bearer {secret}"}
        for name in ("current", organization.pk):
            assert client.get(f"/api/1/organizations/{name}", headers=headers).status_code == 404

    def test_keeps_what_the_law_asks_and_loses_the_rest(self, organization: Organization) -> None:
        """ORG-14: invoices and audit log stay; sheet, addresses and means go."""
        make_address(organization)
        with tenant_scope(organization.pk):
            PaymentMethod.objects.create(
                organization=organization,
                gateway="prepaid",
                kind="prepaid",
                reference="prepaid",
                created_at=AT,
            )
        invoice = pay_invoice(make_invoice(organization))
        delete(organization)
        drain_outbox(at=AT)
        row = row_of(organization)
        assert (row.deleted_at, row.name, row.street, row.vat_number) == (AT, f"#{row.pk}", "", "")
        with tenant_scope(organization.pk):
            assert invoice.buyer["name"] == "Example AG"
            assert not BillingAddress.objects.exists()
            assert PaymentMethod.objects.get().removed_at is not None
            assert not Membership.objects.exists()
            assert AuditEvent.objects.filter(name="organization.deleted").exists()

    def test_takes_no_new_rows(self, organization: Organization) -> None:
        """ORG-14: the database refuses what was under way in another process."""
        delete(organization)
        for begin in (make_member, make_product, make_invoice):
            with pytest.raises(IntegrityError, match="is deleted"):
                begin(organization)  # type: ignore[operator]

    def test_withdraws_its_invitations(self, organization: Organization) -> None:
        """ORG-14"""
        from organizations.members.secrets import invitation_key
        from tests.factories.cast import make_person

        guest = make_person()
        key = invitation_key(invite(organization, guest.email))
        delete(organization)
        with pytest.raises(NotFound):
            accept_invitation(key=key, user=guest, actor=actor_of(guest), at=AT)

    def test_is_confirmed_by_mail(self, organization: Organization) -> None:
        """ORG-14: says what stays."""
        delete(organization)
        drain_outbox(at=AT)
        mail = OutgoingMail.objects.using("system").get(template="organization_deleted")
        assert "Example AG is deleted" in mail.subject
        assert "10 years" in mail.text

    def test_cannot_be_deleted_twice(self, organization: Organization) -> None:
        """ORG-14"""
        membership = first_representative(organization)
        delete(organization)
        with pytest.raises(NotFound):
            delete_organization(
                membership=membership,
                typed_name="Example AG",
                mail_invoices=False,
                actor=actor_of(membership.user),
                at=AT,
            )


class TestTheInvoices:
    def test_are_mailed_in_batches_when_asked(
        self, organization: Organization, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """ORG-14: all paid ones, as PDF, to who deletes."""
        monkeypatch.setattr("billing.documents.tasks.COPIES_IN_A_MAIL", 2)
        numbers = [pay_invoice(make_invoice(organization)).number for _ in range(3)]
        leader = first_representative(organization).user
        delete(organization, mail_invoices=True)
        drain_outbox(at=datetime.now(UTC))
        mails = OutgoingMail.objects.using("system").filter(template="invoice_copies").order_by("pk")
        assert [mail.recipient for mail in mails] == [leader.email] * 2
        files = [attachment["name"] for mail in mails for attachment in mail.attachments]
        assert sorted(files) == sorted(f"{number}.pdf" for number in numbers)
        assert "2 of 2" in mails[1].subject

    def test_are_not_mailed_otherwise(self, organization: Organization) -> None:
        """ORG-14: not asked for, or without the billing right."""
        pay_invoice(make_invoice(organization))
        with tenant_scope(organization.pk):
            Membership.objects.update(has_billing=False)
        delete(organization, mail_invoices=True)
        drain_outbox(at=datetime.now(UTC))
        assert not OutgoingMail.objects.using("system").filter(template="invoice_copies").exists()


class TestRefusals:
    def test_another_name(self, organization: Organization) -> None:
        """ORG-14"""
        with pytest.raises(NameDiffers):
            delete(organization, name="Example")

    def test_another_role(self, organization: Organization) -> None:
        """ORG-14: an administrator sees the page, and cannot."""
        administrator = membership_of(organization, make_member(organization, Role.ADMINISTRATOR))
        assert administrator is not None
        with pytest.raises(OnlyRepresentative):
            delete_organization(
                membership=administrator,
                typed_name="Example AG",
                mail_invoices=False,
                actor=actor_of(administrator.user),
                at=AT,
            )


class TestTheWizard:
    def test_asks_for_a_proof_and_the_name(self, organization: Organization) -> None:
        """ORG-14: what is missing first; then the password, then the name."""
        leader = first_representative(organization).user
        client = client_of(leader)
        path = f"/o/{organization.pk}/settings/delete/"
        invoice = make_invoice(organization)
        page = client.get(path).content.decode()
        assert "Not met" in page
        assert f"/o/{organization.pk}/billing/to-pay/" in page
        pay_invoice(invoice)
        assert f"{path}confirm/" in client.get(path).content.decode()
        assert "/prove/" in client.get(f"{path}confirm/")["Location"]
        session = client.session
        session["proved_at"] = time.time()
        session.save()
        assert client.get(f"{path}confirm/").status_code == 200
        assert client.post(f"{path}confirm/", {"name": "Other"}).status_code == 422
        answer = client.post(f"{path}confirm/", {"name": "Example AG", "mail_invoices": "on"})
        assert answer["Location"] == "/organizations/"
        assert row_of(organization).deleted_at is not None

    def test_tells_a_program_what_is_missing(self, organization: Organization) -> None:
        """API-1: deleting itself is done in the panel."""
        make_product(organization)
        leader = first_representative(organization).user
        secret = make_token(leader, scopes=("organizations:read",))[1]
        headers = {"authorization": f"Bearer {secret}"}
        answer = client_of(leader).get(f"/api/1/organizations/{organization.pk}/deletion", headers=headers)
        assert [row["code"] for row in answer.json()["data"] if not row["met"]] == ["no_product_left"]
