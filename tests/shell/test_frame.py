"""Home, switcher, menu, search: what the frame shows to whom, by how many queries (UI-1, ORG-1)."""

import re
from datetime import UTC, datetime, timedelta
from html import unescape

import pytest
from django.urls import reverse

from manager.kit.scope import tenant_scope
from organizations.access.roles import Role
from organizations.members.models import Membership
from products.inventory.models import Product
from products.inventory.status import ProductStatus
from products.provisioning.models import ServiceAction
from products.provisioning.states import ActionStatus
from tests.factories.billing import make_legal_entity
from tests.factories.cast import AT, client_of, grant, make_member, make_person, make_tenant
from tests.factories.holds import make_hold
from tests.factories.orders import make_order
from tests.factories.products import make_family, make_many_products, make_plan, make_product
from tests.factories.services import ask, make_nas
from tests.factories.tokens import token_client

COUNTED = [
    ("Suspended products", ProductStatus.SUSPENDED, -9),
    ("Products that end soon", ProductStatus.ACTIVE, 9),
]


@pytest.fixture
def owner():
    return make_person("Anna Keller")


@pytest.fixture
def organization(owner):
    make_legal_entity()
    make_family("web")
    return make_tenant(owner, name="Alpina Web GmbH")


def home(organization):
    return reverse("shell:home", args=[organization.pk])


def text_of(client, url, **query):
    answer = client.get(url, query)
    assert answer.status_code == 200, answer.content[:500]
    return unescape(answer.content.decode()).replace("\xa0", " ")


class TestEntrance:
    def test_asks_visitors_to_sign_in(self, client):
        """ACC-2."""
        assert client.get("/").url == reverse("accounts:sign_in")

    def test_leads_to_the_organization_used_last(self, owner, organization):
        """ORG-1."""
        other = make_tenant(owner, name="Other AG")
        page = client_of(owner)
        for row in (other, organization, other):
            page.post(reverse("organizations:switch", args=[row.pk]))
            assert page.get("/").url == home(row)

    def test_leads_people_without_an_organization_to_making_one(self):
        """ORG-2."""
        assert client_of(make_person()).get("/").url == reverse("organizations:mine")


class TestHome:
    def test_shows_what_needs_attention(self, owner, organization):
        """UI-1: a pending order is counted once, though it has an invoice, too; what ends soon is told."""
        make_order(organization)
        due = make_product(organization, months=1)
        text = text_of(client_of(owner), home(organization))
        assert "Unpaid orders" in text
        assert "Invoices to pay" not in text
        assert "Products that end soon" in text
        assert due.name in text

    @pytest.mark.parametrize(("label", "status", "days"), COUNTED)
    def test_leads_to_the_list_of_what_was_counted(self, owner, organization, label, status, days):
        """PRD-2, PRD-8: the number on the home page is the number of rows behind it."""
        today = datetime.now(UTC).date()
        make_many_products(organization, 9, plan=make_plan(), begin=today)
        with tenant_scope(organization.pk):
            made = list(Product.objects.values_list("pk", flat=True))
            Product.objects.update(expires_on=today + timedelta(days=300), auto_renew=False)
            some = Product.objects.filter(pk__in=made[:4])
            some.update(status=status, expires_on=today + timedelta(days=days))
            other = Product.objects.filter(pk__in=made[4:6])
            other.update(status=ProductStatus.REDEMPTION, expires_on=today - timedelta(days=40))
        page = client_of(owner)
        told = {str(one.label): one for one in page.get(home(organization)).context["attention"]}
        assert told[label].count == len(page.get(told[label].url).context["rows"]) == 4

    def test_leads_to_the_orders_of_the_state_that_was_counted(self, owner, organization):
        """PRD-4, PRD-5: those under review and those that are not paid are two lists."""
        held = make_hold(organization).order_id
        unpaid = {make_order(organization).pk, make_order(organization).pk}
        page = client_of(owner)
        told = {str(one.label): one for one in page.get(home(organization)).context["attention"]}
        for label, orders in (("Orders under review", {held}), ("Unpaid orders", unpaid)):
            behind = page.get(told[label].url).context["orders"]
            assert {order.pk for order in behind} == orders
            assert told[label].count == len(orders)

    def test_leads_to_the_products_with_an_action_under_way(self, owner, organization):
        """PRD-2, PRD-13: each product once, however much was asked of it."""
        at = datetime.now(UTC)
        busy, done, _idle = (make_nas(organization, name=f"nas-{number}") for number in range(3))
        ask(busy, "restart", at=at)
        ask(busy, "soft-reset", at=at)
        with tenant_scope(organization.pk):
            ServiceAction.objects.filter(pk=ask(done, "restart", at=at).pk).update(
                status=ActionStatus.CANCELLED, closed_at=at, due_at=None
            )
        page = client_of(owner)
        attention = page.get(home(organization)).context["attention"]
        (told,) = (one for one in attention if one.label == "Products with an action under way")
        answer = page.get(told.url)
        assert told.count == len(answer.context["rows"]) == 1
        assert answer.context["rows"][0].product == busy
        assert answer.context["query"] == "actions=open"
        script = token_client(owner, "products:read")
        listed = f"/api/1/organizations/{organization.pk}/products"
        for wanted, count in (("true", 1), ("false", 2)):
            assert len(script.get(listed, {"filter[is_busy]": wanted}).json()["data"]) == count

    def test_leads_a_new_organization_into_the_shop(self, owner, organization):
        """UI-1: and a member who sees nothing is told who can help."""
        text = text_of(client_of(owner), home(organization))
        assert "Nothing here yet" in text
        assert "Go to the shop" in text
        text = text_of(client_of(make_member(organization, Role.EXTERNAL)), home(organization))
        assert "give you access" in text

    def test_says_that_nothing_needs_attention(self, owner, organization):
        """UI-1."""
        make_product(organization, at=datetime.now(UTC))
        text = text_of(client_of(owner), home(organization))
        assert "Nothing needs your attention" in text
        assert "Recent activity" in text
        assert "Recent activity" not in text_of(client_of(make_member(organization)), home(organization))

    def test_hides_money_from_members_without_billing(self, organization):
        """ORG-6: neither in the page nor in the menu."""
        order = make_order(organization)
        text = text_of(client_of(make_member(organization)), home(organization))
        assert reverse("billing:order", args=[organization.pk, order.pk]) not in text
        for name in ("billing:to_pay", "billing:shop", "billing:cart", "organizations:settings"):
            assert f'"{reverse(name, args=[organization.pk])}"' not in text

    def test_shows_only_granted_products(self, organization):
        """ORG-13."""
        plan = make_plan()
        seen, hidden = (make_product(organization, plan=plan, months=1) for _ in range(2))
        member = make_member(organization)
        grant(organization, member, product_id=seen.pk)
        text = text_of(client_of(member), home(organization))
        assert seen.name in text
        assert hidden.name not in text

    @pytest.mark.parametrize("role", list(Role))
    @pytest.mark.parametrize("has_billing", [True, False])
    def test_every_link_of_the_menu_opens(self, organization, role, has_billing):
        """UI-1: nobody is shown an entry that then refuses."""
        page = client_of(make_member(organization, role, has_billing=has_billing))
        text = text_of(page, home(organization))
        prefix = home(organization)
        links = set(re.findall(rf'href="({prefix}[^"#?]*)"', text))
        assert len(links) >= 4
        assert {link: page.get(link).status_code for link in links} == dict.fromkeys(links, 200)

    def test_is_unknown_to_strangers(self, organization):
        """ORG-17."""
        assert client_of(make_person("Charlie Stone")).get(home(organization)).status_code == 404

    def test_needs_the_same_number_of_queries_for_much_or_little(self, owner, organization, query_count):
        """Each page has a constant number of queries."""
        page = client_of(owner)
        make_order(organization)
        make_product(organization, months=1)
        page.get(home(organization))
        with query_count() as little:
            page.get(home(organization))
        for _ in range(8):
            make_order(organization)
            make_product(organization, months=1)
        with query_count() as much:
            page.get(home(organization))
        assert much.count == little.count


class TestSwitcher:
    def test_names_all_organizations_with_the_role(self, owner, organization):
        """ORG-1: and none of others."""
        other = make_tenant(owner, name="Boulangerie Dupont")
        make_tenant(name="Foreign AG")
        text = text_of(client_of(owner), home(organization))
        assert reverse("organizations:switch", args=[other.pk]) in text
        assert "Boulangerie Dupont" in text
        assert "Foreign AG" not in text

    def test_needs_the_same_number_of_queries_for_3_or_300(self, owner, organization, query_count):
        """ORG-1."""
        page = client_of(owner)
        page.get(home(organization))
        with query_count() as few:
            page.get(home(organization))
        assistant = make_person("Otto Other")
        for number in range(300):
            other = make_tenant(assistant, name=f"Customer {number}")
            with tenant_scope(other.pk):
                Membership.objects.create(
                    organization=other, user=owner, role=Role.COLLABORATOR, has_billing=False, created_at=AT
                )
        with query_count() as many:
            text = text_of(page, home(organization))
        assert many.count == few.count
        assert text.count('class="switcher__item"') == 10
        assert "hx-get=" in text
        with query_count() as opened:
            whole = text_of(page, reverse("organizations:switcher"), section="members/")
        assert "Customer 299" in whole
        assert whole.count('name="section" value="members/"') == 301
        assert opened.count <= few.count


class TestSearch:
    def url(self, organization):
        return reverse("shell:search", args=[organization.pk])

    def test_finds_products_invoices_and_people(self, owner, organization):
        """UI-1."""
        make_product(organization, name="bergblick-cafe.example")
        order = make_order(organization, make_plan(slug="bergblick-plan"))
        make_member(organization, name="Berta Bergblick")
        text = text_of(client_of(owner), self.url(organization), q="bergblick")
        assert "bergblick-cafe.example" in text
        assert reverse("billing:invoice", args=[organization.pk, order.invoice_id]) in text
        assert "Berta Bergblick" in text

    def test_finds_nothing_of_other_organizations(self, owner, organization):
        """ORG-17."""
        other = make_tenant(name="Other AG")
        make_product(other, name="secret-shop.example")
        assert "secret-shop.example" not in text_of(client_of(owner), self.url(organization), q="secret-sh")

    def test_shows_members_only_what_they_may_see(self, organization):
        """ORG-6, ORG-13."""
        plan = make_plan()
        seen = make_product(organization, plan=plan, name="shared-one.example")
        make_product(organization, plan=plan, name="shared-two.example")
        make_order(organization, make_plan(slug="shared-plan"))
        member = make_member(organization, Role.EXTERNAL)
        grant(organization, member, product_id=seen.pk)
        text = text_of(client_of(member), self.url(organization), q="shared")
        assert "shared-one.example" in text
        assert "shared-two.example" not in text
        assert "/billing/invoices/" not in text

    @pytest.mark.parametrize("words", ["", "\x00", "%", "_", "'; drop table x; --", "<script>", "ü" * 5000])
    def test_answers_anything(self, owner, organization, words):
        """Invalid input is never a failure of ours; nothing is run."""
        text = text_of(client_of(owner), self.url(organization), q=words)
        assert "<script>alert" not in text

    def test_needs_the_same_number_of_queries_for_one_or_eight(self, owner, organization, query_count):
        """Each list page has a constant number of queries."""
        page = client_of(owner)
        make_product(organization, name="same-0.example")
        make_order(organization)
        text_of(page, self.url(organization), q="same")
        with query_count() as few:
            text_of(page, self.url(organization), q="same")
        for number in range(1, 8):
            make_product(organization, name=f"same-{number}.example")
            make_order(organization)
        with query_count() as many:
            text_of(page, self.url(organization), q="same")
        assert many.count == few.count
