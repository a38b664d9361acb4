"""A new visitor orders a hosting: from the home page to the active product, in German, on a phone (PRD-3)."""

import re
from collections.abc import Iterator

import pytest
from django.urls import reverse
from playwright.sync_api import Browser, Page, expect
from pytest_django import Settings

from accounts.users.models import User
from billing.invoices.models import Invoice
from billing.invoices.status import InvoiceStatus
from billing.orders.models import Order
from billing.orders.status import OrderStatus
from products.inventory.models import Product
from tests.browser.hands import open_phone, serious_violations
from tests.browser.story import EMAIL, PASSWORD, open_for_business, pay_by_card, work
from tests.fixtures.http import Site
from tests.fixtures.processes import Sandbox


@pytest.fixture(autouse=True)
def _inbox(settings: Settings) -> None:
    """Deliver mails to the inbox of the demonstration, as the development settings do."""
    settings.EMAIL_BACKEND = "manager.demo.inbox.backend.InboxBackend"


@pytest.fixture
def phone(browser: Browser, site: Site) -> Iterator[Page]:
    """A phone whose owner reads German and lives in Switzerland."""
    context = open_phone(browser, site, locale="de-CH")
    yield context.new_page()
    context.close()


def look(page: Page) -> None:
    """Every page of the way fits the window and keeps nobody out (UI-5)."""
    assert page.locator("html").get_attribute("lang") == "de"
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), page.url
    assert serious_violations(page) == [], page.url


def choose_hosting(page: Page) -> None:
    """From the home page of a visitor to the cart; the prices are in francs."""
    page.goto("/")
    look(page)
    page.locator(f"a[href='{reverse('billing:storefront')}']").first.click()
    look(page)
    page.locator(f"a[href='{reverse('billing:storefront_plan', args=['web-hosting'])}']").first.click()
    look(page)
    page.get_by_text("1 Jahr", exact=True).click()
    page.locator("input[name=name]").fill("Laden von Nina")
    page.locator("main form .button--primary").click()
    page.wait_for_url(f"**{reverse('billing:storefront_cart')}")
    expect(page.locator("main")).to_contain_text("Laden von Nina")
    expect(page.locator(".summary")).to_contain_text(re.compile("69[.,]00"))
    look(page)


def register(page: Page) -> None:
    """Register on the way, confirm by the link of the mail, sign in."""
    page.locator(f"a[href='{reverse('billing:storefront_checkout')}']").click()
    look(page)
    page.locator("main a[href*='/register/']").click()
    page.locator("input[name=first_name]").fill("Nina")
    page.locator("input[name=last_name]").fill("Berger")
    page.locator("input[name=email]").fill(EMAIL)
    page.locator("input[name=phone]").fill("+41 79 123 45 67")
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("select[name=country]").select_option("CH")
    page.locator("main form .button--primary").click()
    page.wait_for_url("**/register/done/**")
    work()
    page.goto("/inbox/")
    page.locator("main table a").first.click()
    page.goto(page.locator("pre a").first.get_attribute("href") or "")
    page.locator("main form button").first.click()
    page.locator("input[name=email]").fill(EMAIL)
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("main form .button--primary").first.click()


def order(page: Page) -> None:
    """The cart has come along: choose the organization, give the address, confirm."""
    page.wait_for_url(f"**{reverse('billing:storefront_checkout')}")
    look(page)
    page.locator("main form").get_by_role("button", name="Nina Berger").click()
    page.wait_for_url("**/checkout/")
    look(page)
    page.locator("input[name=street]").fill("Bahnhofstrasse 12")
    page.locator("input[name=postal_code]").fill("3600")
    page.locator("input[name=city]").fill("Thun")
    page.locator("main form:has(input[name=street]) .button--primary").click()
    expect(page.locator(".summary")).to_contain_text(re.compile("74[.,]59"))
    look(page)
    page.locator(".summary form:has(input[name=confirmation_key]) button").click()
    page.wait_for_url("**/pay/**")
    look(page)


def test_a_new_visitor_orders_a_hosting(phone: Page, psp: Sandbox) -> None:
    """PRD-3, ACC-1, PRD-7: what was confirmed is what was paid, and it runs."""
    open_for_business()
    choose_hosting(phone)
    register(phone)
    order(phone)
    pay_by_card(phone)
    work()
    assert User.objects.get(email=EMAIL).language == "de"
    product = Product.objects.using("system").get()
    invoice = Invoice.objects.using("system").get()
    assert (invoice.status, invoice.total_amount) == (InvoiceStatus.PAID, 7459)
    assert Order.objects.using("system").get().status == OrderStatus.PAID
    assert [entry["amount"] for entry in psp.journal()] == [7459]
    phone.goto(reverse("products:product", args=[product.organization_id, product.pk]))
    expect(phone.get_by_role("heading", level=1)).to_contain_text("Laden von Nina")
    expect(phone.locator("main")).to_contain_text("Aktiv")
    look(phone)
