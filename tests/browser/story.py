"""The steps of a new customer, as a person does them in the browser."""

import re
from datetime import date

from django.utils import timezone
from playwright.sync_api import Page, expect

from manager.outbox.mails import drain_mails
from manager.outbox.relay import drain_outbox
from manager.settings.environment import BASE_DIR
from products.catalog.services import load_catalog
from tests.factories.billing import make_legal_entity
from tests.factories.payments import provider

PASSWORD = "quiet-harbour-violet-tandem"
EMAIL = "nina.berger@example.org"


def open_for_business() -> None:
    """Set up what an operator has: a company that sells, and the demonstration catalogue."""
    make_legal_entity()
    load_catalog(path=BASE_DIR / "products/catalog/demonstration.yaml", on=date(2026, 1, 1))


def work() -> None:
    """Do what the worker does each moment: handle events, send mails."""
    while drain_outbox(at=timezone.now()) + drain_mails(at=timezone.now()):
        pass


def register(page: Page) -> None:
    """Register a company and confirm the address by the mail in the inbox."""
    page.goto("/sign-in/")
    page.get_by_role("link", name=re.compile("Create|Register", re.IGNORECASE)).first.click()
    page.get_by_label("First name").fill("Nina")
    page.get_by_label("Last name").fill("Berger")
    page.get_by_label("E-mail").fill(EMAIL)
    page.get_by_label(re.compile("mobile|phone", re.IGNORECASE)).fill("+41 79 123 45 67")
    page.locator("input[name=password]").fill(PASSWORD)
    page.get_by_text("For a company or an organization").click()
    page.locator("input[name=company_name]").fill("Bergblick Optik AG")
    page.locator("select[name=country]").select_option("CH")
    page.get_by_role("button", name="Create account").click()
    page.wait_for_url("**/register/done/**")
    work()
    page.goto("/inbox/")
    page.locator("main table a").first.click()
    page.goto(page.locator("pre a").first.get_attribute("href") or "")
    confirm = page.locator("main form button")
    if confirm.count():
        confirm.first.click()
        page.wait_for_load_state()


def sign_in(page: Page, email: str = EMAIL, password: str = PASSWORD) -> None:
    """Sign in."""
    page.goto("/sign-in/")
    page.locator("input[name=email]").fill(email)
    page.locator("input[name=password]").fill(password)
    page.locator("main form button").last.click()
    page.wait_for_url("**/o/**")


def order_hosting(page: Page) -> None:
    """From the home page to the cart, with the address, to the page to pay."""
    page.get_by_role("link", name="Order", exact=True).first.click()
    page.get_by_role("link", name="Web hosting", exact=True).click()
    page.get_by_text("1 year", exact=True).click()
    page.locator("input[name=name]").fill("Shop of Bergblick")
    page.get_by_role("button", name="Add to cart").click()
    page.get_by_role("link", name="Go to the checkout").click()
    page.locator("input[name=street]").fill("Bahnhofstrasse 12")
    page.locator("input[name=postal_code]").fill("3600")
    page.locator("input[name=city]").fill("Thun")
    page.get_by_role("button", name="Use this address").click()
    expect(page.locator(".summary")).to_contain_text("74.59")
    page.get_by_role("button", name="Order and pay").click()
    page.wait_for_url("**/pay/**")


def pay_by_card(page: Page) -> None:
    """Pay on the provider's page with the card that always works."""
    page.locator("input[name=choice][value=new-card]").check()
    page.locator("main form button").first.click()
    page.wait_for_url(f"{provider().url}/**")
    page.locator("input[name=number]").fill("4242 4242 4242 4242")
    page.locator("form button[type=submit], form button").first.click()
    page.wait_for_url("**/billing/payments/**")
