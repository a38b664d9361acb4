"""Where the switch is set: rows' menus, all that match, the product's page; what a refusal offers."""

import re
from datetime import UTC, datetime, timedelta
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.users.models import User
from billing.payments.models import Initiator, PaymentAttempt, Way
from billing.payments.status import AttemptStatus
from billing.rehearsal.services import rehearse
from billing.renewals import forms, views
from billing.renewals.models import RenewalPreference
from billing.renewals.services import fail_renewals
from manager.kit.scope import tenant_scope
from organizations.access.roles import Role
from organizations.profile.models import Organization
from products.inventory.models import Product
from products.inventory.rules import EXPIRED, TOO_LATE
from tests.factories.billing import make_address, make_legal_entity
from tests.factories.cast import client_of, make_member, make_tenant
from tests.factories.products import make_product, reread
from tests.factories.renewals import ACTOR, days_before, make_card, make_renewing, plan


@pytest.fixture
def organization(owner: User) -> Organization:
    """Return her organization, with a card that can be charged."""
    make_legal_entity()
    made = make_tenant(owner)
    make_card(made)
    return made


@pytest.fixture
def page(owner: User) -> Client:
    """Return Anna's browser."""
    return client_of(owner)


def product_of(organization: Organization, *, days: int, **details: Any) -> Product:
    """Return a product that expires in so many days, by hand unless `auto_renew` is among the details."""
    made = make_product(organization, at=datetime.now(UTC) - timedelta(days=30), **details)
    on = datetime.now(UTC).date() + timedelta(days=days)
    with tenant_scope(organization.pk):
        Product.objects.filter(organization_id=organization.pk, pk=made.pk).update(expires_on=on)
    return made


def text_of(answer: Any) -> str:
    return unescape(answer.content.decode())


def menu_action(html: str, product: Product) -> str:
    """Return the address that the switch in the menu of a product's row is sent to."""
    [found] = re.findall(rf'(?:form)?action="([^"]*auto-renew/\?selected={product.pk}&[^"]*)"', html)
    return str(found)


class TestMenus:
    @pytest.mark.parametrize("name", ["billing:renewals", "billing:to_pay"])
    def test_each_row_switches_its_product_and_comes_back(
        self, page: Client, organization: Organization, name: str
    ) -> None:
        """BIL-10: per product, in the list of renewals and of what is to be paid, whatever is selected."""
        product, other = product_of(organization, days=40), product_of(organization, days=41)
        here = reverse(name, args=[organization.pk])
        action = menu_action(text_of(page.get(f"{here}?show=all")), product)
        sent = page.post(action, {"auto_renew": "on", "selected": other.pk, "next": "1.2"})
        assert sent.url.startswith(here)
        assert (reread(product, organization).auto_renew, reread(other, organization).auto_renew) == (
            True,
            False,
        )
        action = menu_action(text_of(page.get(f"{here}?show=all")), product)
        page.post(action, {"auto_renew": "off"})
        assert not reread(product, organization).auto_renew

    @pytest.mark.parametrize("name", ["billing:renewals", "billing:to_pay"])
    @pytest.mark.parametrize(("days", "why"), [(13, TOO_LATE), (-3, EXPIRED)])
    def test_what_is_too_late_says_so_instead(
        self, page: Client, organization: Organization, name: str, days: int, why: str
    ) -> None:
        """BIL-10, UI-6: greyed with the reason."""
        product_of(organization, days=days)
        html = text_of(page.get(reverse(name, args=[organization.pk]), {"show": "all"}))
        assert str(why) in html
        assert "auto-renew/?selected=" not in html

    def test_readers_have_no_menu(self, organization: Organization) -> None:
        """BIL-10: who may not pay does not switch."""
        product = product_of(organization, days=40)
        reader = client_of(make_member(organization, has_billing=False))
        url = reverse("billing:auto_renew", args=[organization.pk])
        assert reader.post(f"{url}?selected={product.pk}", {"auto_renew": "on"}).status_code == 403


class TestAllThatMatch:
    def test_is_switched_on_every_page(self, page: Client, organization: Organization) -> None:
        """BIL-10: all at once, by the filter, not only what the page shows."""
        mine = [product_of(organization, days=40 + count, name=f"mine{count}.example") for count in range(27)]
        other = product_of(organization, days=40, name="other.example")
        listed = text_of(page.get(reverse("billing:renewals", args=[organization.pk]), {"q": "mine"}))
        assert 'name="all" value="1"' in listed
        url = reverse("billing:auto_renew", args=[organization.pk])
        sent = page.post(
            url, {"all": "1", "q": "mine", "show": "", "selected": mine[0].pk, "auto_renew": "on"}
        )
        assert sent.status_code == 302
        assert all(reread(product, organization).auto_renew for product in mine)
        assert not reread(other, organization).auto_renew
        again = page.post(url, {"all": "1", "q": "mine", "auto_renew": "on"}, follow=True)
        assert "There is nothing to switch" in text_of(again)

    def test_goes_on_where_it_ended(
        self, page: Client, organization: Organization, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """BIL-10: what does not fit into one request is switched by the next."""
        monkeypatch.setattr(views, "MOST_OF_ALL", 2)
        assert forms.MOST_OF_ALL > forms.MOST
        products = [product_of(organization, days=40 + count) for count in range(3)]
        url = reverse("billing:auto_renew", args=[organization.pk])
        first = page.post(url, {"all": "1", "auto_renew": "on"}, follow=True)
        assert "The first 2 were switched" in text_of(first)
        page.post(url, {"all": "1", "auto_renew": "on"})
        assert all(reread(product, organization).auto_renew for product in products)

    def test_is_not_held_up_by_what_is_refused(
        self, page: Client, organization: Organization, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """BIL-10: what expires too soon is among the next ones each time, and comes after all others."""
        monkeypatch.setattr(views, "MOST_OF_ALL", 2)
        late = [product_of(organization, days=count) for count in (3, 4, 13)]
        fine = [product_of(organization, days=14 + count) for count in range(3)]
        url = reverse("billing:auto_renew", args=[organization.pk])
        for _turn in range(2):
            page.post(url, {"all": "1", "auto_renew": "on"})
        assert all(reread(product, organization).auto_renew for product in fine)
        refused = page.post(url, {"all": "1", "auto_renew": "on"})
        assert refused.status_code == 409
        assert "The first 2 were switched" not in text_of(refused)
        assert not any(reread(product, organization).auto_renew for product in late)

    def test_is_done_where_all_fit(
        self, page: Client, organization: Organization, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """BIL-10: nobody is sent to do it again for nothing."""
        monkeypatch.setattr(views, "MOST_OF_ALL", 2)
        products = [product_of(organization, days=40 + count) for count in range(2)]
        url = reverse("billing:auto_renew", args=[organization.pk])
        done = page.post(url, {"all": "1", "auto_renew": "on"}, follow=True)
        assert "The first 2 were switched" not in text_of(done)
        assert all(reread(product, organization).auto_renew for product in products)

    def test_has_its_billing_address_chosen_as_well(self, page: Client, organization: Organization) -> None:
        """BIL-8: the address is for what the list's filter finds, as the switch is."""
        mine = [product_of(organization, days=40, name=f"mine{count}.example") for count in range(2)]
        other = product_of(organization, days=40, name="other.example")
        address = make_address(organization)
        url = reverse("billing:renewal_address", args=[organization.pk])
        asked = text_of(page.post(url, {"all": "1", "q": "mine", "selected": other.pk}))
        assert "To whom 2 products are billed" in asked
        assert 'name="q" value="mine"' in asked
        page.post(url, {"all": "1", "q": "mine", "address": address.pk})
        with tenant_scope(organization.pk):
            chosen = RenewalPreference.objects.filter(organization_id=organization.pk, address=address)
            assert set(chosen.values_list("product_id", flat=True)) == {product.pk for product in mine}


class TestRefused:
    def test_each_can_be_renewed_first(self, page: Client, organization: Organization) -> None:
        """BIL-10: with the button, for each and for all; what was switched says when it is charged."""
        late, fine = product_of(organization, days=5), product_of(organization, days=40)
        url = reverse("billing:auto_renew", args=[organization.pk])
        html = text_of(page.post(url, {"selected": [late.pk, fine.pk], "auto_renew": "on"}))
        to_pay = reverse("billing:to_pay", args=[organization.pk])
        assert f'href="{to_pay}?show=all&product={late.pk}"' in html
        assert "Renew these now" in html
        assert "Charged on" in html
        assert "Save a means" not in html

    def test_without_a_means_paying_is_not_offered(self, owner: User, page: Client) -> None:
        """BIL-10: what is missing is a means, not a payment."""
        bare = make_tenant(owner)
        product = product_of(bare, days=40)
        url = reverse("billing:auto_renew", args=[bare.pk])
        html = text_of(page.post(url, {"selected": product.pk, "auto_renew": "on"}))
        assert "Renew these now" not in html
        assert reverse("billing:payment_methods", args=[bare.pk]) in html


class TestProductPage:
    def shown(self, page: Client, product: Product) -> str:
        return text_of(page.get(reverse("products:product", args=[product.organization_id, product.pk])))

    def test_says_why_the_switch_cannot_be_set(self, page: Client, organization: Organization) -> None:
        """BIL-10: the reason and the way out stand beside the switch."""
        product = product_of(organization, days=5)
        html = self.shown(page, product)
        assert str(TOO_LATE) in html
        assert f"{reverse('billing:to_pay', args=[organization.pk])}?show=all&product={product.pk}" in html
        assert 'name="auto_renew" value="on"' not in html

    def test_says_when_what_is_charged(self, page: Client, organization: Organization) -> None:
        """BIL-11."""
        product = product_of(organization, days=40)
        page.post(
            reverse("billing:auto_renew", args=[organization.pk]),
            {"selected": product.pk, "auto_renew": "on"},
        )
        assert re.search(r"Visa •••• \d{4} is charged on ", self.shown(page, product))

    def test_tells_of_a_refused_charge_and_leads_to_its_payment(
        self, page: Client, organization: Organization
    ) -> None:
        """BIL-11: whoever looks at the product sees it; the way to pay is for who may pay."""
        product = make_renewing(organization)
        [invoice] = plan(organization, days_before(14))
        with tenant_scope(organization.pk):
            fail_renewals(
                invoice=invoice, decline_kind="soft", decline_code="x", actor=ACTOR, at=days_before(14)
            )
        pay = reverse("billing:pay_invoice", args=[organization.pk, invoice.pk])
        html = self.shown(page, product)
        assert "Its renewal could not be charged" in html
        assert pay in html
        reader = self.shown(client_of(make_member(organization, Role.ADMINISTRATOR)), product)
        assert "Its renewal could not be charged" in reader
        assert f'button--small" href="{pay}"' not in reader


class TestRows:
    def test_what_waits_for_an_approval_leads_to_it(self, page: Client, organization: Organization) -> None:
        """BIL-11: no new charge is asked for, the same one is approved."""
        product = make_renewing(organization)
        [invoice] = plan(organization, days_before(14))
        with tenant_scope(organization.pk):
            attempt = PaymentAttempt.objects.create(
                organization_id=organization.pk,
                invoice=invoice,
                sequence=1,
                gateway="stripe",
                way=Way.OFF_SESSION,
                initiator=Initiator.RENEWAL,
                status=AttemptStatus.REQUIRES_ACTION,
                amount=invoice.total_amount,
                currency=invoice.currency,
                decline_code="authentication_required",
                decline_message="authentication_required",
                created_at=days_before(14),
            )
            fail_renewals(
                invoice=invoice,
                decline_kind="authentication",
                decline_code="x",
                actor=ACTOR,
                at=days_before(14),
            )
        approve = reverse("billing:payment_return", args=[organization.pk, attempt.pk])
        html = text_of(page.get(reverse("billing:renewals", args=[organization.pk])))
        assert "Waits for your approval" in html
        assert f'href="{approve}"' in html
        shown = text_of(page.get(reverse("products:product", args=[organization.pk, product.pk])))
        assert f'href="{approve}"' in shown

    def test_a_charge_that_will_fail_leads_to_the_reason(self, owner: User, page: Client) -> None:
        """BIL-11: the row points at what the rehearsal found."""
        make_legal_entity()
        bare = make_tenant(owner)
        card = make_card(bare)
        product = product_of(bare, days=40)
        url = reverse("billing:auto_renew", args=[bare.pk])
        page.post(url, {"selected": product.pk, "auto_renew": "on"})
        with tenant_scope(bare.pk):
            type(card).objects.filter(organization_id=bare.pk, pk=card.pk).update(expiry_year=2020)
            rehearse(organization=bare, at=datetime.now(UTC))
        html = text_of(page.get(reverse("billing:renewals", args=[bare.pk])))
        assert "Will fail" in html
        assert f'href="#problem-card_expired-{card.pk}"' in html
        assert f'id="problem-card_expired-{card.pk}"' in html
