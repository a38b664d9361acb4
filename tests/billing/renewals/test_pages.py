"""The pages and the REST operations of renewals (BIL-10, UI-1, API-1)."""

import re
from datetime import UTC, datetime, timedelta
from html import unescape

import pytest
from django.urls import reverse

from billing.renewals.models import RenewalPreference
from billing.renewals.services import fail_renewals
from manager.kit.scope import tenant_scope
from tests.factories.amounts import chf
from tests.factories.billing import make_legal_entity
from tests.factories.cast import client_of, make_member, make_person, make_tenant
from tests.factories.products import make_many_products, make_plan, make_product, reread
from tests.factories.renewals import ACTOR, days_before, make_card, make_renewing, plan
from tests.factories.tokens import token_client

SOON = datetime(2026, 1, 15, 10, tzinfo=UTC)


@pytest.fixture
def owner():
    return make_person()


@pytest.fixture
def organization(owner):
    make_legal_entity()
    return make_tenant(owner)


@pytest.fixture
def page(owner):
    return client_of(owner)


def listed(page, organization, **query):
    answer = page.get(reverse("billing:renewals", args=[organization.pk]), query)
    assert answer.status_code == 200
    return unescape(answer.content.decode())


def switch(page, organization, products, on, **more):
    address = reverse("billing:auto_renew", args=[organization.pk])
    return page.post(address, {"selected": [product.pk for product in products], "auto_renew": on, **more})


class TestList:
    def test_shows_the_next_charge_and_its_means(self, page, organization):
        """BIL-10."""
        card = make_card(organization)
        make_renewing(organization, name="auto.example")
        make_product(organization, name="manual.example")
        text = listed(page, organization)
        assert "Charged on Jan. 1, 2027" in text or "Charged on 1 January 2027" in text
        assert str(card) in text
        assert "By hand" in text

    @pytest.mark.parametrize(
        ("show", "names"),
        [
            ("", {"auto", "manual", "refused"}),
            ("automatic", {"auto", "refused"}),
            ("manual", {"manual"}),
            ("refused", {"refused"}),
            ("nonsense", {"auto", "manual", "refused"}),
        ],
    )
    def test_filters(self, page, organization, show, names):
        """UI-2."""
        make_card(organization)
        make_renewing(organization, name="refused.example")
        [invoice] = plan(organization, days_before(14))
        with tenant_scope(organization.pk):
            fail_renewals(
                invoice=invoice, decline_kind="hard", decline_code="x", actor=ACTOR, at=days_before(14)
            )
        make_renewing(organization, name="auto.example")
        make_product(organization, name="manual.example")
        text = listed(page, organization, show=show)
        assert len(re.findall(r'class="filter-chip"[^>]*aria-current="true"', text)) == 1
        assert {name for name in ("auto", "manual", "refused") if f">{name}.example<" in text} == names

    def test_a_refused_charge_says_what_to_do(self, page, organization):
        """BIL-11."""
        make_card(organization)
        make_renewing(organization)
        [invoice] = plan(organization, days_before(14))
        with tenant_scope(organization.pk):
            fail_renewals(
                invoice=invoice, decline_kind="hard", decline_code="x", actor=ACTOR, at=days_before(14)
            )
        text = listed(page, organization)
        assert "Choose another means, or pay now." in text
        assert reverse("billing:pay_invoice", args=[organization.pk, invoice.pk]) in text

    def test_searches(self, page, organization):
        """UI-2."""
        make_product(organization, name="alpha.example")
        make_product(organization, name="beta.example")
        text = listed(page, organization, q="alph")
        assert ("alpha.example" in text, "beta.example" in text) == (True, False)
        assert "Nothing matches" in listed(page, organization, q="gamma")

    def test_an_empty_list_leads_to_the_shop(self, page, organization):
        """UI-2."""
        assert reverse("billing:shop", args=[organization.pk]) in listed(page, organization)

    def test_takes_the_same_number_of_queries_however_long(self, page, organization, query_count):
        """UI-2: constant queries."""
        make_card(organization)
        catalogue = make_plan()
        make_many_products(organization, 3, plan=catalogue, begin=SOON.date())
        listed(page, organization)
        with query_count() as few:
            listed(page, organization)
        make_many_products(organization, 200, plan=catalogue, begin=SOON.date())
        with query_count() as many:
            text = listed(page, organization)
        assert many.count == few.count
        assert "after=" in text

    def test_a_foreign_cursor_is_refused(self, page, organization):
        """UI-2."""
        answer = page.get(reverse("billing:renewals", args=[organization.pk]), {"after": "nonsense"})
        assert answer.status_code == 400


class TestSwitch:
    def test_switches_many_at_once(self, page, organization):
        """BIL-10."""
        make_card(organization)
        products = [make_product(organization, at=datetime.now(UTC)) for _ in range(3)]
        assert switch(page, organization, products, "on").status_code == 302
        assert all(reread(product, organization).auto_renew for product in products)
        assert switch(page, organization, products, "off").status_code == 302
        assert not any(reread(product, organization).auto_renew for product in products)

    def test_says_for_each_product_why_not(self, page, organization):
        """BIL-10: under 14 days, renew first; the others are switched."""
        make_card(organization)
        late = make_product(organization, at=datetime.now(UTC) - timedelta(days=360))
        fine = make_product(organization, at=datetime.now(UTC) - timedelta(days=200))
        answer = switch(page, organization, [late, fine], "on")
        text = unescape(answer.content.decode())
        assert answer.status_code == 409
        assert "Renew it first" in text
        assert f"product={late.pk}" in text
        assert (reread(late, organization).auto_renew, reread(fine, organization).auto_renew) == (False, True)

    def test_goes_back_to_where_it_came_from_and_nowhere_else(self, page, organization):
        """INC-21."""
        make_card(organization)
        product = make_product(organization, at=datetime.now(UTC))
        assert switch(page, organization, [product], "on", next="/o/1/products/").url == "/o/1/products/"
        for evil in ("https://evil.example/", "//evil.example/", "javascript:alert(1)", "/\\evil.example"):
            assert "evil" not in switch(page, organization, [product], "on", next=evil).url

    @pytest.mark.parametrize(
        "data",
        [
            {},
            {"selected": "x", "auto_renew": "on"},
            {"selected": "1" * 40, "auto_renew": "on"},
            {"selected": "1", "auto_renew": "perhaps"},
            {"selected": ["1"] * 201, "auto_renew": "on"},
            {"auto_renew": "on"},
        ],
    )
    def test_refuses_nonsense(self, page, organization, data):
        """INC-27."""
        assert page.post(reverse("billing:auto_renew", args=[organization.pk]), data).status_code == 422

    def test_a_strangers_product_does_not_exist(self, page, organization):
        """INC-1."""
        foreign = make_product(make_tenant())
        assert switch(page, organization, [foreign], "on").status_code == 404

    def test_needs_the_billing_right(self, organization):
        """ORG-9."""
        member = client_of(make_member(organization, has_billing=False))
        assert switch(member, organization, [make_product(organization)], "on").status_code == 403


class TestMeans:
    def test_is_chosen_and_given_back(self, page, organization):
        """BIL-10."""
        product, card = make_renewing(organization), make_card(organization)
        address = reverse("billing:renewal_means", args=[organization.pk]) + f"?selected={product.pk}"
        assert str(card) in unescape(page.get(address).content.decode())
        assert page.post(address, {"method": str(card.pk)}).status_code == 302
        with tenant_scope(organization.pk):
            assert RenewalPreference.objects.get().method_id == card.pk
        [checked] = re.findall(r"<input[^>]*\bchecked\b[^>]*>", page.get(address).content.decode())
        assert f'value="{card.pk}"' in checked
        page.post(address, {"method": "default"})
        with tenant_scope(organization.pk):
            assert RenewalPreference.objects.get().method_id is None

    def test_a_strangers_means_does_not_exist(self, page, organization):
        """INC-1."""
        product, foreign = make_renewing(organization), make_card(make_tenant())
        address = reverse("billing:renewal_means", args=[organization.pk]) + f"?selected={product.pk}"
        for value in (str(foreign.pk), "", "x", "9" * 30):
            assert page.post(address, {"method": value}).status_code == 404


class TestApi:
    def address(self, organization, product=None):
        base = f"/api/1/organizations/{organization.pk}"
        return f"{base}/products/{product.pk}/renewal" if product else f"{base}/renewals"

    def test_lists(self, owner, organization):
        """API-1."""
        card = make_card(organization)
        product = make_renewing(organization)
        answer = token_client(owner, "billing:read").get(
            self.address(organization), {"filter[show]": "automatic"}
        )
        [row] = answer.json()["data"]
        assert (row["product_id"], row["payment_method_id"], row["auto_renew"]) == (product.pk, card.pk, True)
        assert (row["next_charge_on"], row["net_amount"]) == ("2027-01-01", chf(12_000))

    def test_switches_and_chooses(self, owner, organization):
        """BIL-10."""
        make_card(organization)
        other = make_card(organization)
        product = make_product(organization, at=datetime.now(UTC) - timedelta(days=30))
        client = token_client(owner, "billing:read", "billing:write")
        change = {"auto_renew": True, "payment_method": other.pk}
        answer = client.patch(self.address(organization, product), change, "application/json")
        assert answer.status_code == 200, answer.content
        row = answer.json()["data"]
        assert (row["auto_renew"], row["payment_method_id"], row["has_own_payment_method"]) == (
            True,
            other.pk,
            True,
        )

    def test_a_refusal_has_its_reason(self, owner, organization):
        """BIL-10, API-4."""
        product = make_product(organization)
        client = token_client(owner, "billing:read", "billing:write")
        answer = client.patch(self.address(organization, product), {"auto_renew": True}, "application/json")
        assert (answer.status_code, answer.json()["error"]["code"]) == (409, "auto_renew_refused")
        assert client.get(self.address(organization, product)).json()["data"]["cannot_switch_on_because"]

    def test_switches_many_and_says_for_each_why_not(self, owner, organization):
        """BIL-10, API-1: what the page does in bulk; a stranger's product among them is none at all."""
        make_card(organization)
        late = make_product(organization, at=datetime.now(UTC) - timedelta(days=360))
        fine = make_product(organization, at=datetime.now(UTC) - timedelta(days=200))
        foreign = make_product(make_tenant())
        client = token_client(owner, "billing:read", "billing:write")

        def switch_all(products, on):
            body = {"product_ids": [product.pk for product in products], "auto_renew": on}
            return client.patch(self.address(organization), body, "application/json")

        rows = switch_all([late, fine], on=True).json()["data"]
        assert [(row["product_id"], row["auto_renew"], bool(row["refused_because"])) for row in rows] == [
            (late.pk, False, True),
            (fine.pk, True, False),
        ]
        assert [row["auto_renew"] for row in switch_all([fine], on=False).json()["data"]] == [False]
        assert switch_all([fine, foreign], on=True).status_code == 404
        assert switch_all([], on=True).status_code == 422

    def test_needs_the_scope(self, owner, organization):
        """API-2."""
        product = make_product(organization)
        client = token_client(owner, "billing:read")
        answer = client.patch(self.address(organization, product), {"auto_renew": False}, "application/json")
        assert answer.status_code == 403
