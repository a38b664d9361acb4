"""Support works in an organization only as long as it may, as itself, and seen by the customer (ORG-15)."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django_otp import DEVICE_ID_SESSION_KEY

from accounts.staff.services import withdraw_staff
from accounts.users.models import User
from manager.kit.actor import Actor
from manager.kit.scope import tenant_scope
from organizations.audit.models import AuditEvent
from organizations.profile.models import Organization
from organizations.support.models import SupportGrant
from organizations.support.services import revoke_support_access
from organizations.support.services.give import LASTS
from tests.factories.cast import client_of, make_tenant
from tests.factories.identity import SEE_STAFF, make_staff, staff_client
from tests.factories.members import actor_of, first_representative
from tests.factories.people import present
from tests.factories.products import make_plan, make_product
from tests.factories.support import enter, open_support, support_client, support_staff
from tests.isolation.world import make_token


def home(organization: Organization) -> str:
    """Return the address of the organization's first page."""
    return reverse("shell:home", args=[organization.pk])


def uses(organization: Organization) -> list[AuditEvent]:
    """Return what the customer reads of each use."""
    with tenant_scope(organization.pk):
        found = AuditEvent.objects.filter(organization_id=organization.pk, name="support_access.used")
        return list(found.order_by("id"))


def person_of(client: Client) -> User:
    """Return who is signed in."""
    return User.objects.get(pk=client.session["_auth_user_id"])


class TestEntering:
    def test_shows_who_gives_access_now_and_nobody_else(self) -> None:
        """Searched by name and by kind; over is over."""
        open_support(make_tenant(name="Open AG"), ["mail"])
        open_support(make_tenant(name="Chatty AG"), ["chat"])
        open_support(make_tenant(name="Former AG"), ["mail"], at=present() - LASTS)
        make_tenant(name="Closed AG")
        client, page = support_staff(), reverse("organizations:staff_support")
        shown = client.get(page).content.decode()
        assert "Open AG" in shown
        assert "Chatty AG" in shown
        assert "Former AG" not in shown
        assert "Closed AG" not in shown
        assert "Open AG" not in client.get(page, {"kind": "chat"}).content.decode()
        assert "Open AG" in client.get(page, {"q": "open"}).content.decode()

    def test_asks_for_a_reason_that_the_customer_reads(self) -> None:
        """ORG-15"""
        organization = make_tenant()
        open_support(organization, ["mail"])
        client = support_staff()
        address = reverse("organizations:staff_support_enter", args=[organization.pk])
        assert client.post(address, {"reason": ""}).status_code == 422
        assert client.get(home(organization)).status_code == 404
        enter(client, organization, reason="Ticket 4711")
        assert client.get(home(organization)).status_code == 200
        shown = client_of(first_representative(organization).user).get(
            reverse("organizations:support_access", args=[organization.pk])
        )
        assert "Ticket 4711" in shown.content.decode()
        assert "Nora Frei" in shown.content.decode()

    def test_is_refused_where_no_access_is_given(self) -> None:
        """A customer without access is a missing one."""
        organization = make_tenant()
        address = reverse("organizations:staff_support_enter", args=[organization.pk])
        assert support_staff().post(address, {"reason": "Curious"}).status_code == 404

    def test_opens_no_other_organization(self) -> None:
        """ORG-17: also not one that gives access, unless it is entered, too."""
        organization, other = make_tenant(), make_tenant(name="Other AG")
        open_support(other, ["mail", "account"])
        client = support_client(organization, ["mail"])
        assert client.get(home(other)).status_code == 404
        enter(client, other)
        assert client.get(home(other)).status_code == 200
        assert client.get(home(organization)).status_code == 404

    def test_is_limited_in_an_hour(self) -> None:
        """Nobody walks through all customers."""
        organization = make_tenant()
        open_support(organization, ["mail"])
        client = support_staff()
        address = reverse("organizations:staff_support_enter", args=[organization.pk])
        answers = [client.post(address, {"reason": "Again"}).status_code for _ in range(31)]
        assert answers[:30] == [302] * 30
        assert answers[30] == 429


class TestTheEnd:
    def test_of_the_grant_is_the_end_of_the_visit(self) -> None:
        """ORG-15: no periodic work is needed."""
        organization = make_tenant()
        client = support_client(organization, ["mail"])
        with tenant_scope(organization.pk):
            SupportGrant.objects.filter(organization_id=organization.pk).update(
                starts_at=present() - LASTS, ends_at=present() - timedelta(seconds=1)
            )
        assert client.get(home(organization)).status_code == 404

    def test_revoked_in_mid_use_and_given_anew_opens_nothing(self) -> None:
        """The visit was by the access that was given then; a new one is entered again."""
        organization = make_tenant()
        client = support_client(organization, ["mail"])
        with tenant_scope(organization.pk):
            grant = SupportGrant.objects.get(organization_id=organization.pk)
        actor = actor_of(first_representative(organization).user)
        revoke_support_access(organization_id=organization.pk, grant_id=grant.pk, actor=actor, at=present())
        assert client.get(home(organization)).status_code == 404
        open_support(organization, ["mail"])
        assert client.get(home(organization)).status_code == 404

    def test_comes_by_leaving(self) -> None:
        """The customer reads that, too."""
        organization = make_tenant()
        client = support_client(organization, ["mail"])
        assert client.post(reverse("organizations:staff_support_leave")).status_code == 302
        assert client.get(home(organization)).status_code == 404
        with tenant_scope(organization.pk):
            assert AuditEvent.objects.filter(
                organization_id=organization.pk, name="support_access.left"
            ).exists()

    @pytest.mark.parametrize("lost", ["right", "factor"])
    def test_comes_with_the_right_and_with_the_factor(self, lost: str) -> None:
        """INC-15: each request needs all of it."""
        organization = make_tenant()
        client = support_client(organization, ["mail"])
        if lost == "right":
            withdraw_staff(user=person_of(client), actor=Actor.system("test"), at=present())
        else:
            session = client.session
            del session[DEVICE_ID_SESSION_KEY]
            session.save()
        assert client.get(home(organization)).status_code == 404

    def test_of_staff_without_the_right_is_the_beginning(self) -> None:
        """A marker alone opens nothing."""
        organization = make_tenant()
        [grant] = open_support(organization, ["mail"])
        client = staff_client(make_staff(SEE_STAFF))
        session = client.session
        session["support_access"] = {"organization": organization.pk, "grants": [grant.pk]}
        session.save()
        assert client.get(home(organization)).status_code == 404


class TestTheJournal:
    def test_names_who_by_what_and_for_whom(self) -> None:
        """ORG-15, ORG-16"""
        organization = make_tenant()
        client = support_client(organization, ["mail"])
        client.get(home(organization))
        [event] = uses(organization)
        assert (event.actor_kind, event.actor_name) == ("staff", "Nora Frei")
        assert event.through == "Support access"
        assert event.on_behalf_of == first_representative(organization).user.name
        assert event.data == {"method": "GET", "path": home(organization)}

    def test_has_a_page_once_in_ten_minutes_and_a_change_each_time(self) -> None:
        """Also what was refused has been asked for."""
        organization = make_tenant()
        client = support_client(organization, ["mail"])
        settings_page = reverse("organizations:settings", args=[organization.pk])
        for _ in range(2):
            client.get(home(organization))
            assert client.post(settings_page, {}).status_code == 403
        seen = [(event.data["method"], event.data["path"]) for event in uses(organization)]
        assert seen == [("GET", home(organization)), ("POST", settings_page), ("POST", settings_page)]

    def test_marks_what_support_changes(self) -> None:
        """The change itself is of the staff, too."""
        organization = make_tenant()
        product = make_product(organization, plan=make_plan(kind="mail"), name="Old name")
        client = support_client(organization, ["mail"])
        rename = reverse("products:rename", args=[organization.pk, product.pk])
        assert client.post(rename, {"name": "New name"}).status_code == 302
        with tenant_scope(organization.pk):
            event = AuditEvent.objects.get(organization_id=organization.pk, name="product.renamed")
        assert (event.actor_kind, event.through) == ("staff", "Support access")


class TestWhatIsOpen:
    def test_is_the_kind_that_was_given(self) -> None:
        """ORG-15: a switch per kind of content."""
        organization = make_tenant()
        kinds = ("mail", "drive", "chat", "workspace", "hosting")
        products = {
            kind: make_product(organization, plan=make_plan(kind=kind), name=f"{kind} thing")
            for kind in kinds
        }
        client = support_client(organization, ["mail"])

        def answer(kind: str, page: str = "products:product") -> int:
            return client.get(reverse(page, args=[organization.pk, products[kind].pk])).status_code

        assert {kind: answer(kind) for kind in kinds} == {
            "mail": 200,
            "drive": 404,
            "chat": 404,
            "workspace": 200,
            "hosting": 404,
        }
        assert (answer("mail", "products:rename"), answer("workspace", "products:rename")) == (200, 403)
        shown = client.get(reverse("products:list", args=[organization.pk])).content.decode()
        assert "mail thing" in shown
        assert "hosting thing" not in shown

    def test_by_the_account_is_seen_and_not_changed(self) -> None:
        """The account shows products, members and activity."""
        organization = make_tenant()
        product = make_product(organization, plan=make_plan(kind="hosting"), name="hosting thing")
        client = support_client(organization, ["account"])
        for page in ("organizations:members", "organizations:audit", "products:list"):
            assert client.get(reverse(page, args=[organization.pk])).status_code == 200, page
        address = reverse("products:product", args=[organization.pk, product.pk])
        assert client.get(address).status_code == 200
        rename = reverse("products:rename", args=[organization.pk, product.pk])
        assert client.post(rename, {"name": "x"}).status_code == 403

    def test_tells_where_one_is_and_how_to_leave(self) -> None:
        """A banner on each page while it lasts."""
        organization = make_tenant()
        client = support_client(organization, ["mail"])
        shown = client.get(home(organization)).content.decode()
        assert "You are here as support" in shown
        assert reverse("organizations:staff_support_leave") in shown

    def test_is_nothing_to_a_token(self) -> None:
        """INC-4: neither a token of the staff nor the session reaches an operation."""
        organization = make_tenant()
        client = support_client(organization, ["mail", "account"])
        _, secret = make_token(person_of(client), scopes=("organizations:read", "products:read"))
        for path in ("", "/members", "/products"):
            address = f"/api/1/organizations/{organization.pk}{path}"
            assert Client().get(address, headers={"authorization": f"Bearer {secret}"}).status_code == 404
            assert client.get(address).status_code in {401, 403, 404}
