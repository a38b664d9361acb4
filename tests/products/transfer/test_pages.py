"""Pages, mails and operations of transfers."""

from typing import Any

import pytest
from django.test import Client

from manager.kit.clock import now
from manager.kit.scope import tenant_scope
from manager.outbox.models import OutgoingMail
from manager.outbox.relay import drain_outbox
from organizations.access.roles import Role
from organizations.members.models import Membership
from organizations.profile.models import Organization
from products.inventory.models import Product
from products.transfer.models import Transfer
from products.transfer.secrets import transfer_key
from tests.factories.cast import AT, client_of, make_member, make_person, make_tenant
from tests.factories.members import first_representative
from tests.factories.products import make_product
from tests.factories.transfers import offer
from tests.isolation.world import make_token


def browser_of(organization: Organization) -> Client:
    return client_of(first_representative(organization).user)


def mails_to(organization: Organization) -> list[OutgoingMail]:
    drain_outbox(at=now())
    address = first_representative(organization).user.email
    mails = OutgoingMail.objects.using("system").filter(template="product_transfer", recipient=address)
    return list(mails.order_by("pk"))


def open_transfer(organization: Organization) -> Transfer:
    with tenant_scope(organization.pk):
        return Transfer.objects.get(status="offered")


class TestByLink:
    def test_it_is_offered_and_accepted_in_another_organization(
        self, giver: Organization, taker: Organization, product: Product
    ) -> None:
        """From the button on the product's page to the product's page in the other organization."""
        here = browser_of(giver)
        path = f"/o/{giver.pk}/products/{product.pk}/transfer/"
        assert path in here.get(f"/o/{giver.pk}/products/{product.pk}/").content.decode()
        assert here.get(path).status_code == 200
        assert here.post(path, {"recipient": "link"}).status_code == 302
        key = transfer_key(open_transfer(giver))
        assert key in here.get(path).content.decode()
        there = browser_of(taker)
        page = there.get(f"/transfers/{key}/").content.decode()
        assert "shop.example" in page
        assert "Giver AG" in page
        answer = there.post(f"/transfers/{key}/", {"answer": "accept", "organization": taker.pk})
        assert answer["Location"] == f"/o/{taker.pk}/products/{product.pk}/"
        assert there.get(answer["Location"]).status_code == 200
        assert here.get(f"/o/{giver.pk}/products/{product.pk}/").status_code == 404
        assert [mail.subject for mail in mails_to(giver)] == ["shop.example went to Taker AG"]
        assert [mail.subject for mail in mails_to(taker)] == ["shop.example belongs to Taker AG now"]
        assert there.get(f"/transfers/{key}/").status_code == 410

    def test_it_is_refused(self, giver: Organization, taker: Organization, product: Product) -> None:
        """The giver learns it by mail."""
        key = transfer_key(offer(product, at=now()))
        answer = browser_of(taker).post(f"/transfers/{key}/", {"answer": "refuse"})
        assert answer.status_code == 302
        assert [mail.subject for mail in mails_to(giver)] == ["Your offer of shop.example was refused"]

    def test_visitors_sign_in_first(self, product: Product) -> None:
        """And come back to it."""
        key = transfer_key(offer(product, at=now()))
        answer = Client().get(f"/transfers/{key}/")
        assert answer.status_code == 302
        assert "/sign-in/" in answer["Location"]
        assert key in answer["Location"]

    @pytest.mark.parametrize("role", [Role.COLLABORATOR, Role.EXTERNAL])
    def test_only_who_leads_the_other_side_takes_it(
        self, taker: Organization, product: Product, role: str
    ) -> None:
        """ORG-6: not offered, and refused where it is sent all the same."""
        key = transfer_key(offer(product, at=now()))
        there = client_of(make_member(taker, role, has_billing=True))
        assert "You lead no organization" in there.get(f"/transfers/{key}/").content.decode()
        answer = there.post(f"/transfers/{key}/", {"answer": "accept", "organization": taker.pk})
        assert answer.status_code == 422

    def test_a_foreign_organization_cannot_be_made_to_take_it(
        self, taker: Organization, product: Product
    ) -> None:
        """ORG-17: the chosen organization must be one's own."""
        key = transfer_key(offer(product, at=now()))
        other = browser_of(make_tenant(name="Third AG"))
        for wanted in (taker.pk, product.organization_id, "x", ""):
            answer = other.post(f"/transfers/{key}/", {"answer": "accept", "organization": wanted})
            assert answer.status_code == 422


class TestByChoice:
    def test_it_goes_to_one_of_ones_own_organizations(self, giver: Organization, product: Product) -> None:
        """Its legal representatives get the link by mail; others find nothing behind it."""
        leader = first_representative(giver).user
        other = make_tenant(make_person("Rita Keller"), name="Second AG")
        with tenant_scope(other.pk):
            Membership.objects.create(organization=other, user=leader, role=Role.ADMINISTRATOR, created_at=AT)
        path = f"/o/{giver.pk}/products/{product.pk}/transfer/"
        here = client_of(leader)
        assert "Second AG" in here.get(path).content.decode()
        assert here.post(path, {"recipient": other.pk}).status_code == 302
        (mail,) = mails_to(other)
        key = transfer_key(open_transfer(giver))
        assert f"/transfers/{key}/" in mail.text
        third = browser_of(make_tenant(name="Third AG"))
        assert third.get(f"/transfers/{key}/").status_code == 404
        assert third.post(f"/transfers/{key}/", {"answer": "refuse"}).status_code == 404
        answer = here.post(f"/transfers/{key}/", {"answer": "accept", "organization": other.pk})
        assert answer["Location"] == f"/o/{other.pk}/products/{product.pk}/"

    def test_no_other_organization_is_offered(
        self, giver: Organization, taker: Organization, product: Product
    ) -> None:
        """ORG-17"""
        path = f"/o/{giver.pk}/products/{product.pk}/transfer/"
        assert browser_of(giver).post(path, {"recipient": taker.pk}).status_code == 422


class TestTheList:
    def test_shows_filters_and_withdraws(self, giver: Organization, product: Product) -> None:
        """UI-2"""
        here = browser_of(giver)
        path = f"/o/{giver.pk}/transfers/"
        assert "Nothing was offered yet" in here.get(path).content.decode()
        transfer = offer(product, at=now())
        assert "shop.example" in here.get(path).content.decode()
        assert "shop.example" not in here.get(path, {"status": "refused"}).content.decode()
        assert "No offer matches" in here.get(path, {"q": "nothing"}).content.decode()
        withdraw = f"{path}{transfer.pk}/withdraw/"
        assert here.get(withdraw).status_code == 200
        assert here.post(withdraw).status_code == 302
        assert here.post(withdraw).status_code == 409
        assert "Withdrawn" in here.get(path).content.decode()

    def test_costs_the_same_for_many(self, giver: Organization, query_count: Any) -> None:
        """A constant number of queries."""
        here = browser_of(giver)
        offer(make_product(giver), at=now())
        here.get(f"/o/{giver.pk}/transfers/")
        with query_count() as one:
            here.get(f"/o/{giver.pk}/transfers/")
        for _ in range(6):
            offer(make_product(giver), at=now())
        with query_count() as many:
            here.get(f"/o/{giver.pk}/transfers/")
        assert many.count == one.count


class TestOperations:
    def test_offer_list_accept_and_withdraw(
        self, giver: Organization, taker: Organization, product: Product
    ) -> None:
        """API-1"""
        client = Client()

        def call(method: str, organization: Organization, path: str, body: Any = None) -> Any:
            secret = make_token(
                first_representative(organization).user, scopes=("products:read", "products:write")
            )[1]
            return getattr(client, method)(
                f"/api/1/organizations/{organization.pk}/{path}",
                body,
                content_type="application/json",
                headers={"authorization": f"Bearer {secret}"},
            )

        made = call("post", giver, "transfers", {"product_id": product.pk})
        assert made.status_code == 201
        data = made.json()["data"]
        assert call("get", giver, "transfers").json()["data"][0]["id"] == data["id"]
        assert call("get", taker, f"transfers/{data['id']}").status_code == 404
        assert call("delete", giver, f"transfers/{data['id']}").json()["data"]["status"] == "withdrawn"
        data = call("post", giver, "transfers", {"product_id": product.pk}).json()["data"]
        key = data["link"].rstrip("/").rpartition("/")[2]
        got = call("post", taker, "accepted-transfers", {"key": key})
        assert got.json()["data"]["id"] == product.pk
        assert call("post", taker, "accepted-transfers", {"key": key}).status_code == 409
        assert call("post", taker, "accepted-transfers", {"key": "x\u0000"}).status_code == 422
