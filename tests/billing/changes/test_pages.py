"""The pages of *Modify offer*, and their operations (PRD-10, PRD-14, INC-27)."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.formats import date_format

from accounts.tokens.services import create_token
from billing.changes.models import ChangeQuote
from billing.changes.status import ChangeStatus
from billing.invoices.status import InvoiceStatus
from manager.kit.scope import person_scope, tenant_scope
from organizations.profile.models import Organization
from tests.factories.amounts import chf
from tests.factories.billing import make_buyer, pay_invoice
from tests.factories.cast import make_person
from tests.factories.payments import now
from tests.factories.people import visitor
from tests.factories.products import make_option, make_plan, make_storage, reread


@pytest.fixture
def owner():
    return make_person()


@pytest.fixture
def organization(owner):
    return make_buyer(owner)


@pytest.fixture
def member(client, owner):
    client.force_login(owner)
    return client


@pytest.fixture
def plan():
    plan = make_plan()
    make_option(plan)
    make_storage(plan)
    return plan


@pytest.fixture
def product(buy, plan):
    return buy(plan, at=now())


@pytest.fixture
def api(owner):
    scopes = ["products:read", "products:write"]
    with person_scope(owner.pk):
        _, secret = create_token(
            user=owner,
            name="Job",
            scopes=scopes,
            organization_id=None,
            expires_at=now() + timedelta(days=30),
            actor=visitor(),
            at=now(),
        )
    return Client(headers={"authorization": f"Bearer {secret}"})


def page(organization, product, name="modify_offer", *more):
    return reverse(f"billing:{name}", args=[organization.pk, product.pk, *more])


def quotes(organization):
    with tenant_scope(organization.pk):
        return list(ChangeQuote.objects.order_by("pk"))


def choose(member, organization, product, **fields):
    values = {"months": "12", "quantity": "1", "option-storage": "10", **fields}
    return member.post(page(organization, product), values)


class TestModify:
    """The page on which another offer is chosen."""

    def test_shows_plans_periods_and_options(self, member, organization, product, plan):
        """PRD-10: and the day from which a shorter period can be chosen."""
        other = make_plan()
        make_plan(kind="mail")
        text = member.get(page(organization, product)).content.decode()
        for shown in (plan.name, other.name, "Privacy", "Storage", "Can be chosen from"):
            assert shown in text
        assert text.count('name="plan"') == 3  # two to choose from, and the chosen one

    def test_leads_to_a_quote_and_on_to_the_payment(self, member, organization, product):
        """PRD-14: nothing changes before it is paid."""
        answer = choose(member, organization, product, **{"option-privacy": "on"})
        (change,) = quotes(organization)
        assert answer.url == page(organization, product, "change", change.pk)
        shown = member.get(answer.url).content.decode()
        assert "Accept and pay" in shown
        assert "Privacy" in shown
        answer = member.post(page(organization, product, "accept_change", change.pk))
        change = reread(change, organization)
        assert answer.url == reverse("billing:pay_invoice", args=[organization.pk, change.invoice_id])
        assert "Take the change back" in member.get(page(organization, product, "change", change.pk)).text
        with tenant_scope(organization.pk):
            invoice = change.invoice
        pay_invoice(invoice, at=now())
        assert reread(change, organization).status == ChangeStatus.APPLIED
        overview = member.get(reverse("products:product", args=[organization.pk, product.pk]))
        assert "Privacy" in overview.content.decode()

    def test_says_from_when_another_period_holds(self, member, organization, product):
        """PRD-10: not from today, but from the end of the paid time."""
        shown = member.get(choose(member, organization, product, months="24").url).text
        assert "Applies from" not in shown
        assert "New period from" in shown
        assert date_format(product.expires_on) in shown
        shown = member.get(choose(member, organization, product, quantity="2").url).text
        assert "Applies from" in shown
        assert "New period from" not in shown

    def test_names_what_is_set_off_in_the_language_of_the_reader(self, member, organization, buy):
        """UI-4: the invoice that paid it may be in another one."""
        names = dict.fromkeys(("en", "fr", "it", "es"), "Web hosting")
        with tenant_scope(organization.pk):
            Organization.objects.filter(pk=organization.pk).update(language="de")
            organization.refresh_from_db()
        product, other = buy(make_plan(names={**names, "de": "Webseiten"}), at=now()), make_plan()
        wanted = {"plan": other.slug, "months": "12", "quantity": "2"}
        shown = member.get(member.post(page(organization, product), wanted).url).text
        assert "Unused: Web hosting – Shop" in shown
        assert "Webseiten" not in shown

    def test_is_taken_back(self, member, organization, product):
        """PRD-14: with its pro forma."""
        choose(member, organization, product, quantity="2")
        (change,) = quotes(organization)
        member.post(page(organization, product, "accept_change", change.pk))
        member.post(page(organization, product, "withdraw_change", change.pk))
        change = reread(change, organization)
        with tenant_scope(organization.pk):
            assert (change.status, change.invoice.status) == (
                ChangeStatus.WITHDRAWN,
                InvoiceStatus.CANCELLED,
            )

    @pytest.mark.parametrize(
        "fields",
        [
            {"quantity": "0"},
            {"quantity": "-1"},
            {"quantity": "1000000000"},
            {"quantity": "0.5"},
            {"quantity": ""},
            {"months": "1"},
            {"months": "7"},
            {"months": "12.5"},
            {"option-storage": "11"},
            {"option-storage": "-1"},
            {"option-storage": "1000000000"},
            {"option-storage": "0.5"},
            {"option-foreign": "1"},
            {"plan": "made-up"},
            {},
        ],
        ids=str,
    )
    def test_refuses_what_is_not_offered(self, member, organization, product, fields):
        """INC-27: 4xx beside the field, and no quote."""
        answer = choose(member, organization, product, **fields)
        assert answer.status_code == 422
        assert not quotes(organization)

    def test_prices_in_a_request_change_nothing(self, member, organization, product):
        """INC-27: the server's price holds."""
        choose(member, organization, product, quantity="2", amount="1", currency="EUR", due_amount="0")
        (change,) = quotes(organization)
        assert change.currency == organization.currency
        assert change.due_amount > 10_000

    def test_refuses_an_expired_quote(self, member, organization, product):
        """PRD-14: and offers a new one."""
        choose(member, organization, product, quantity="2")
        (change,) = quotes(organization)
        with tenant_scope(organization.pk):
            values = {
                field.attname: getattr(change, field.attname)
                for field in change._meta.fields
                if not field.primary_key
            }
            old = ChangeQuote.objects.create(**{**values, "valid_until": now() - timedelta(seconds=1)})
        answer = member.post(page(organization, product, "accept_change", old.pk))
        assert answer.status_code == 409
        assert "Start again" in answer.content.decode()
        assert reread(old, organization).status == ChangeStatus.QUOTED


class TestAPI:
    """The same over REST."""

    def url(self, organization, product, rest=""):
        return f"/api/1/organizations/{organization.pk}/products/{product.pk}/changes{rest}"

    def test_quotes_accepts_and_withdraws(self, api, organization, product):
        """API-1."""
        url = self.url(organization, product)
        answer = api.post(url, {"options": {"privacy": 1}}, content_type="application/json")
        assert answer.status_code == 201
        change = answer.json()["data"]
        assert [line["net_amount"] for line in change["lines"]] == [chf(1_200)]
        assert change["due_amount"] == chf(1_200 + 97)
        accepted = api.post(f"{url}/{change['id']}/accept").json()["data"]
        assert (accepted["status"], accepted["invoice_id"] is None) == ("accepted", False)
        assert [row["id"] for row in api.get(url).json()["data"]] == [change["id"]]
        assert api.post(f"{url}/{change['id']}/withdraw").json()["data"]["status"] == "withdrawn"
        assert api.post(f"{url}/{change['id']}/accept").status_code == 409

    @pytest.mark.parametrize(
        "body",
        [
            {"quantity": 0},
            {"quantity": -1},
            {"quantity": 10**9},
            {"quantity": 0.5},
            {"months": 7},
            {"months": 1},
            {"plan": "made-up"},
            {"options": {"foreign": 1}},
            {"options": {"storage": 0.5}},
            {"options": {"storage": True}},
            {"options": {"storage": 10**12}},
            {"options": [1]},
            {"price": 1},
        ],
        ids=str,
    )
    def test_refuses_what_is_not_offered(self, api, organization, product, body):
        """INC-27."""
        answer = api.post(self.url(organization, product), body, content_type="application/json")
        assert answer.status_code == 422
        assert not quotes(organization)

    def test_tells_the_options_of_products(self, api, organization, buy, plan):
        """API-1: in the list and of one."""
        product = buy(plan, options={"privacy": 1}, at=now())
        url = f"/api/1/organizations/{organization.pk}/products"
        assert api.get(url).json()["data"][0]["options"] == {"privacy": 1}
        assert api.get(f"{url}/{product.pk}").json()["data"]["options"] == {"privacy": 1}
