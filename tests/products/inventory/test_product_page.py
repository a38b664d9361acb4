"""The page of one product, and its name (UI-6, ORG-13)."""

import re

import pytest
from django.test import Client

from manager.kit.actor import Actor
from manager.kit.clock import now
from manager.kit.scope import tenant_scope
from organizations.access.roles import Role
from organizations.audit.services import record_audit
from organizations.profile.models import Organization
from products.catalog.models import Plan
from products.inventory.models import Product
from products.inventory.services import terminate_product
from tests.factories.cast import client_of, grant, make_member, make_person, make_tenant
from tests.factories.products import make_plan, make_product
from tests.products.inventory.pages import get, names_on, products_url


class TestProduct:
    def test_shows_its_days_its_price_and_what_happens_next(
        self, alice: Client, organization: Organization
    ) -> None:
        """PRD-2, PRD-8."""
        product = make_product(organization, name="alpha.example", quantity=2)
        html = get(alice, products_url(organization, f"{product.pk}/"))
        for text in (
            "alpha.example",
            "What happens next",
            "Suspension",
            "Termination",
            "CHF",
            "240.00",
            "Activated",
        ):
            assert text in html
        assert "Paid, being set up" in html

    def test_its_tabs_lead_to_what_is_there(self, alice: Client, organization: Organization) -> None:
        """PRD-2: overview, renewal, access and activity, each once; what it can do stands before its days."""
        product = make_product(organization, name="alpha.example", plan=make_plan(kind="domain"))
        html = get(alice, products_url(organization, f"{product.pk}/"))
        tabs = re.findall(r'class="tabs__tab" href="#(\w+)"', html)
        assert {"overview", "next", "renewal", "access", "activity"} <= set(tabs)
        assert [html.count(f' id="{name}"') for name in tabs] == [1] * len(tabs)
        assert [html.index(f' id="{name}"') for name in tabs] == sorted(
            html.index(f' id="{name}"') for name in tabs
        )

    def test_tells_every_act_in_words(self, alice: Client, organization: Organization) -> None:
        """PRD-2, PRD-12: also those of the rooms above."""
        product = make_product(organization, name="alpha.example")
        with tenant_scope(organization.pk):
            for name in ("warranty.opened", "change.accepted", "product.restore_ordered"):
                record_audit(
                    organization_id=organization.pk,
                    name=name,
                    actor=Actor.system("warranty"),
                    at=product.created_at,
                    subject=product,
                )
        html = get(alice, products_url(organization, f"{product.pk}/"))
        assert "Renewal Warranty: case opened" in html
        assert "Change of an offer accepted" in html
        assert "Restore of a domain ordered" in html
        assert "warranty.opened" not in html

    def test_tells_when_it_ended_instead_of_its_renewal(
        self, alice: Client, organization: Organization
    ) -> None:
        """PRD-9: what has ended neither expires nor renews."""
        product = make_product(organization, name="alpha.example")
        with tenant_scope(organization.pk):
            terminate_product(product=product, actor=Actor.system("test"), at=now())
        html = get(alice, products_url(organization, f"{product.pk}/"))
        assert "Ended" in html
        assert "Expires" not in html
        assert "240.00" not in html

    def test_a_stranger_finds_nothing(self, organization: Organization) -> None:
        """ORG-17: as if it did not exist."""
        product = make_product(organization)
        charlie = make_person("Charlie")
        own = make_tenant(charlie)
        client = client_of(charlie)
        assert client.get(products_url(organization, f"{product.pk}/")).status_code == 404
        assert client.get(products_url(own, f"{product.pk}/")).status_code == 404
        assert client.post(products_url(own, f"{product.pk}/rename/"), {"name": "x"}).status_code == 404
        assert client.get(products_url(own, "99999999999999999999/")).status_code == 404

    def test_a_collaborator_sees_what_was_granted(self, organization: Organization) -> None:
        """ORG-13: by product or by family; the rest is a 404, in lists it is not there."""
        web, cloud = (make_product(organization, plan=make_plan(family=slug)) for slug in ("web", "cloud"))
        bob = make_member(organization)
        client = client_of(bob)
        assert client.get(products_url(organization, f"{web.pk}/")).status_code == 404
        grant(organization, bob, product_id=web.pk)
        assert client.get(products_url(organization, f"{web.pk}/")).status_code == 200
        assert client.get(products_url(organization, f"{cloud.pk}/")).status_code == 404
        grant(organization, bob, family="cloud")
        assert client.get(products_url(organization, f"{cloud.pk}/")).status_code == 200
        assert names_on(get(client, products_url(organization)), [web.name, cloud.name])

    def test_hides_no_reason_from_who_may_only_view(self, organization: Organization) -> None:
        """UI-6, ORG-13: greyed with the reason, and refused by the server."""
        product = make_product(organization)
        bob = make_member(organization)
        grant(organization, bob, "view", product_id=product.pk)
        client = client_of(bob)
        html = get(client, products_url(organization, f"{product.pk}/"))
        assert "You may only view this product" in html
        assert "needs the billing right" in html
        assert (
            client.post(products_url(organization, f"{product.pk}/rename/"), {"name": "x"}).status_code == 403
        )

    def test_texts_of_people_are_shown_as_text(self, alice: Client, organization: Organization) -> None:
        """INC-30."""
        product = make_product(organization, name='"><script>alert(1)</script>')
        for url in (products_url(organization), products_url(organization, f"{product.pk}/")):
            assert "<script>alert" not in get(alice, url)


class TestRename:
    def test_changes_the_name(self, alice: Client, organization: Organization) -> None:
        """PRD-2."""
        product = make_product(organization)
        url = products_url(organization, f"{product.pk}/rename/")
        assert alice.get(url).status_code == 200
        response = alice.post(url, {"name": "  New name "})
        assert response.status_code == 302
        assert response["Location"] == products_url(organization, f"{product.pk}/")
        assert "New name" in get(alice, response["Location"])

    @pytest.mark.parametrize("name", ["", "   ", "x" * 191, "a\0b", "a\x1bb", "two\nlines"])
    def test_refuses_a_bad_name_beside_its_field(
        self, alice: Client, organization: Organization, name: str
    ) -> None:
        """PRD-2: 422 with the form; nothing is changed."""
        product = make_product(organization, name="kept.example")
        response = alice.post(products_url(organization, f"{product.pk}/rename/"), {"name": name})
        assert response.status_code == 422
        assert "id_name" in response.content.decode()
        with tenant_scope(organization.pk):
            assert Product.objects.get(pk=product.pk).name == "kept.example"

    @pytest.mark.parametrize("role", [Role.COLLABORATOR, Role.EXTERNAL])
    def test_a_member_with_a_managing_grant_may(self, organization: Organization, role: str) -> None:
        """ORG-13."""
        product = make_product(organization)
        bob = make_member(organization, role)
        grant(organization, bob, "manage", product_id=product.pk)
        response = client_of(bob).post(products_url(organization, f"{product.pk}/rename/"), {"name": "Mine"})
        assert response.status_code == 302


def test_the_price_of_a_withdrawn_period_is_not_made_up(alice: Client, organization: Organization) -> None:
    """PRD-1: a period that is no longer sold has no price."""
    plan: Plan = make_plan(prices={("EUR", 12): 1000})
    product = make_product(organization, plan=plan)
    assert "Not sold for this period any more" in get(alice, products_url(organization, f"{product.pk}/"))
