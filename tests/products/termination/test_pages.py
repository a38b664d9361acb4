"""Pages, mails and operations of terminations (PRD-9)."""

import re
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.utils.formats import date_format

from manager.kit.clock import now
from manager.kit.scope import tenant_scope
from manager.outbox.models import OutgoingMail
from manager.outbox.relay import drain_outbox
from organizations.access.roles import Role
from organizations.profile.models import Organization
from products.inventory.models import Product
from products.termination.models import Termination
from tests.factories.cast import client_of, make_member, make_tenant
from tests.factories.members import first_representative
from tests.factories.products import make_plan, make_product, reread
from tests.isolation.world import make_token


@pytest.fixture
def organization() -> Organization:
    return make_tenant()


@pytest.fixture
def browser(organization: Organization) -> Client:
    return client_of(first_representative(organization).user)


def make(
    organization: Organization, kind: str = "hosting", name: str = "shop.example", **fields: Any
) -> Product:
    return make_product(organization, plan=make_plan(kind=kind, **fields), name=name, at=now())


def status_of(product: Product, organization: Organization) -> str:
    row: Any = reread(product, organization)
    return str(row.status)


def mails(template: str) -> list[OutgoingMail]:
    drain_outbox(at=now())
    return list(OutgoingMail.objects.using("system").filter(template=template).order_by("pk"))


def link_of(mail: OutgoingMail) -> str:
    found = re.search(r"https?://[^/\s]+(/o/\d+/terminations/\d+/confirm/[\w-]+/)", mail.text)
    assert found
    return found.group(1)


class TestThePages:
    def test_lead_from_the_product_to_its_end(self, organization: Organization, browser: Client) -> None:
        """PRD-9: shown what goes along, asked, mailed, confirmed; the others are told."""
        colleague = make_member(organization, Role.ADMINISTRATOR, name="Bob Rossi")
        domain = make(organization, "domain")
        mail_service = make(organization, "mail", cooling_off_days=14)
        path = f"/o/{organization.pk}/terminations/new/"
        assert path in browser.get(f"/o/{organization.pk}/products/{domain.pk}/").content.decode()
        page = browser.get(path, {"product": domain.pk}).content.decode()
        assert f'value="{mail_service.pk}"' in page
        assert "backups are deleted" in page
        asked = {"asked": "yes", "shown": [domain.pk], "selected": [domain.pk, mail_service.pk]}
        assert browser.post(path, asked).status_code == 422
        assert browser.post(path, {**asked, "reason": "moved"}).status_code == 302
        assert status_of(domain, organization) == "active"
        [mail] = mails("termination_asked")
        assert mail.recipient == first_representative(organization).user.email
        assert "shop.example" in mail.html
        ends = Termination.objects.using("system").get().expires_at.astimezone(ZoneInfo("Europe/Zurich"))
        assert f"valid until {date_format(ends, 'DATETIME_FORMAT')}".rstrip(".") in mail.text
        assert ".." not in mail.text
        link = link_of(mail)
        assert browser.get(link).status_code == 200
        assert status_of(domain, organization) == "active"
        assert browser.post(link).status_code == 302
        assert {status_of(domain, organization), status_of(mail_service, organization)} == {"terminated"}
        told = mails("termination_confirmed")
        kept = reread(mail_service, organization).restorable_until
        assert kept is not None
        until = date_format(kept.astimezone(ZoneInfo("Europe/Zurich")), "DATETIME_FORMAT")
        assert all(until in mail.text.replace("\n", " ") for mail in told)
        assert {mail.recipient for mail in told} == {
            colleague.email,
            first_representative(organization).user.email,
        }
        assert browser.post(link).status_code == 410
        restore = f"/o/{organization.pk}/products/{mail_service.pk}/restore/"
        assert restore in browser.get(f"/o/{organization.pk}/products/{mail_service.pk}/").content.decode()
        assert browser.post(restore).status_code == 302
        assert status_of(mail_service, organization) == "active"
        back = mails("product_restored")
        assert {mail.recipient for mail in back} == {mail.recipient for mail in told}
        assert all(f"/products/{mail_service.pk}/" in mail.text and "as it was" in mail.html for mail in back)

    def test_a_colleague_of_the_link_needs_the_right(
        self, organization: Organization, browser: Client
    ) -> None:
        """PRD-9, ORG-6: a forwarded link opens nothing to who does not lead."""
        product = make(organization)
        data = {"asked": "yes", "selected": product.pk, "reason": "moved"}
        browser.post(f"/o/{organization.pk}/terminations/new/", data)
        link = link_of(mails("termination_asked")[0])
        member = make_member(organization, Role.COLLABORATOR, name="Carla Conti")
        assert client_of(member).post(link).status_code == 403
        stranger = client_of(first_representative(make_tenant()).user)
        assert stranger.post(link).status_code == 404
        assert browser.post(link[:-3] + "xx/").status_code == 404
        assert status_of(product, organization) == "active"

    def test_bulk_leaves_out_what_cannot_end(self, organization: Organization, browser: Client) -> None:
        """PRD-9: in the list's bulk bar, and all at once for an organization's end."""
        one, two = make(organization, name="one.example"), make(organization, name="two.example")
        pending = make_product(organization, name="new.example", activated=False, at=now())
        path = f"/o/{organization.pk}/terminations/new/"
        assert path in browser.get(f"/o/{organization.pk}/products/").content.decode()
        page = browser.post(path, {"selected": [one.pk, pending.pk]}).content.decode()
        assert "Left out" in page
        assert "new.example" in page
        page = browser.get(path, {"all": "on"}).content.decode()
        assert f'value="{one.pk}"' in page
        assert f'value="{two.pk}"' in page

    def test_withdraws_from_the_products_page(self, organization: Organization, browser: Client) -> None:
        """PRD-9."""
        product = make(organization)
        data = {"asked": "yes", "selected": product.pk, "reason": "price"}
        browser.post(f"/o/{organization.pk}/terminations/new/", data)
        with tenant_scope(organization.pk):
            wish = Termination.objects.get()
        path = f"/o/{organization.pk}/terminations/{wish.pk}/withdraw/"
        assert path in browser.get(f"/o/{organization.pk}/products/{product.pk}/").content.decode()
        assert browser.post(path).status_code == 302
        assert "Withdrawn" in browser.get(f"/o/{organization.pk}/terminations/").content.decode()


class TestTheOperations:
    def test_ask_list_confirm_and_restore(self, organization: Organization) -> None:
        """PRD-9, API-1: the key comes by mail alone."""
        product = make(organization, cooling_off_days=7)
        leader = first_representative(organization).user
        token = make_token(leader, scopes=("products:read", "products:write"))[1]
        client = Client(headers={"authorization": f"Bearer {token}"})
        base = f"/api/1/organizations/{organization.pk}"
        body = {"product_ids": [product.pk], "reason": "moved"}
        answer = client.post(f"{base}/terminations", body, content_type="application/json")
        assert answer.status_code == 201
        wish = answer.json()["data"]
        assert "key" not in wish
        key = link_of(mails("termination_asked")[0]).rstrip("/").rpartition("/")[2]
        confirm = f"{base}/terminations/{wish['id']}/confirm"
        wrong = client.post(confirm, {"key": "made-up"}, content_type="application/json")
        assert wrong.status_code == 404
        done = client.post(confirm, {"key": key}, content_type="application/json").json()["data"]
        assert (done["status"], done["products"][0]["ended"]) == ("confirmed", True)
        restored = client.post(f"{base}/products/{product.pk}/restore").json()["data"]
        assert restored["status"] == "active"
        steps = client.get(f"{base}/products/{product.pk}/timeline").json()["data"]
        assert [step["kind"] for step in steps][-2:] == ["suspension", "termination"]
