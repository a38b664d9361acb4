"""The way of one new customer in the browser, with and without scripts, and what stands around it."""

import re
from collections.abc import Iterator

import pytest
from django.urls import reverse
from playwright.sync_api import Browser, Page, expect
from pytest_django import Settings

from billing.invoices.models import Invoice
from billing.invoices.status import InvoiceStatus
from products.catalog.models import Plan
from tests.browser.hands import serious_violations
from tests.browser.story import EMAIL, open_for_business, order_hosting, pay_by_card, register, sign_in, work
from tests.factories.cast import make_member, make_tenant
from tests.factories.orders import fill_cart, make_order
from tests.factories.people import PASSWORD as FACTORY_PASSWORD
from tests.factories.people import register as make_user
from tests.factories.products import make_product
from tests.fixtures.browser import PATIENCE
from tests.fixtures.http import Site
from tests.fixtures.processes import Sandbox


@pytest.fixture(autouse=True)
def _inbox(settings: Settings) -> None:
    """Deliver mails to the inbox of the demonstration, as the development settings do."""
    settings.EMAIL_BACKEND = "manager.demo.inbox.backend.InboxBackend"


def walk_the_whole_way(page: Page) -> None:
    """From registering to the file of the numbered invoice."""
    register(page)
    sign_in(page)
    expect(page.get_by_role("heading", name="Bergblick Optik AG")).to_be_visible()
    order_hosting(page)
    pay_by_card(page)
    expect(page.locator("main")).to_contain_text("Shop of Bergblick")
    work()
    invoice = Invoice.objects.using("system").get()
    assert invoice.status == InvoiceStatus.PAID
    assert invoice.number
    page.goto(reverse("billing:invoice", args=[invoice.organization_id, invoice.pk]))
    expect(page.get_by_role("heading", level=1)).to_contain_text(invoice.number)
    with page.expect_download() as download:
        page.locator(
            f"a[href='{reverse('billing:invoice_pdf', args=[invoice.organization_id, invoice.pk])}']"
        ).first.click()
    assert download.value.path().read_bytes().startswith(b"%PDF")
    page.goto(reverse("products:list", args=[invoice.organization_id]))
    expect(page.locator("main table")).to_contain_text("Shop of Bergblick")
    expect(page.locator("main table")).to_contain_text("Active")
    page.goto("/inbox/")
    expect(page.locator("main table")).to_contain_text(invoice.number)


def test_a_new_customer_registers_orders_pays_and_gets_the_invoice(page: Page, psp: Sandbox) -> None:
    """ACC-1, PRD-3, BIL-3, BIL-5, PRD-7: the story, in one browser."""
    open_for_business()
    walk_the_whole_way(page)
    assert [entry["amount"] for entry in psp.journal()] == [7459]


@pytest.fixture
def without_scripts(browser: Browser, site: Site) -> Iterator[Page]:
    """A page that runs no script."""
    context = browser.new_context(
        base_url=site.url, locale="en-GB", viewport={"width": 1280, "height": 800}, java_script_enabled=False
    )
    context.set_default_timeout(PATIENCE)
    yield context.new_page()
    context.close()


def test_the_main_way_needs_no_scripts(without_scripts: Page, psp: Sandbox) -> None:
    """UI-5: every step is a form or a link."""
    open_for_business()
    walk_the_whole_way(without_scripts)


@pytest.fixture
def shop() -> tuple[int, str]:
    """Return an organization at work, as (id, e-mail of its owner): cart, order, products, members."""
    open_for_business()
    owner = make_user(email="olga.owner@example.org")
    organization = make_tenant(owner, name="Bergblick Optik AG")
    make_tenant(owner, name="Zweite Filiale GmbH")
    hosting = Plan.objects.get(slug="web-hosting")
    make_product(organization, plan=hosting, name="a-long-name-of-a-shop-in-the-mountains.example")
    make_product(organization, plan=hosting, name="expiring.example", months=1)
    make_member(organization)
    make_order(organization, hosting)
    fill_cart(organization, hosting, quantity=3, name="A further shop with quite a long name")
    return organization.pk, owner.email


PAGES = ["shell:home", "billing:shop", "billing:cart", "billing:checkout", "billing:orders", "products:list"]


def open_as_owner(page: Page, email: str) -> None:
    """Sign in as the owner of the shop."""
    page.emulate_media(reduced_motion="reduce")
    sign_in(page, email, FACTORY_PASSWORD)


def paths_of(organization_id: int) -> list[str]:
    """Return the main pages of an organization."""
    paths = [reverse(name, args=[organization_id]) for name in PAGES]
    paths.append(reverse("billing:shop_family", args=[organization_id, "web"]))
    paths.append(reverse("billing:shop_plan", args=[organization_id, "web-hosting"]))
    paths.append(reverse("shell:search", args=[organization_id]) + "?q=a")
    return paths


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_breaks_no_accessibility_rule(page: Page, shop: tuple[int, str], theme: str) -> None:
    """UI-5: WCAG 2.2 AA as far as it can be measured, on the pages themselves."""
    organization_id, email = shop
    page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
    open_as_owner(page, email)
    for path in paths_of(organization_id):
        page.goto(path)
        assert serious_violations(page) == [], f"{path} in {theme}"


def test_never_scrolls_sideways_on_a_phone(page: Page, shop: tuple[int, str]) -> None:
    """UI-5: 390 and 360 px, also with the longer words of German."""
    organization_id, email = shop
    open_as_owner(page, email)
    for width, language in ((390, "en"), (360, "de")):
        page.set_viewport_size({"width": width, "height": 800})
        for path in paths_of(organization_id):
            page.goto(path)
            assert page.evaluate("document.documentElement.scrollWidth") <= width, (
                f"{path} at {width} in {language}"
            )
        switch_language(page, "de")


def switch_language(page: Page, code: str) -> None:
    """Choose a language in the profile menu; it is sent at once where scripts run."""
    page.goto("/profile/")
    page.get_by_role("button", name=re.compile("^Profile of|^Profil von")).click()
    with page.expect_navigation():
        page.locator("#preference-language").select_option(code)


def test_switches_theme_and_language_by_the_profile_menu(page: Page, shop: tuple[int, str]) -> None:
    """UI-5, ACC-3: at once, and still so on the next page."""
    organization_id, email = shop
    open_as_owner(page, email)
    page.get_by_role("button", name=re.compile("^Profile of|^Profil von")).click()
    page.get_by_role("button", name="Dark", exact=True).click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    expect(page.locator("theme-switch[aria-busy]")).to_have_count(0)
    page.goto(reverse("billing:orders", args=[organization_id]))
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    switch_language(page, "de")
    expect(page.locator("html")).to_have_attribute("lang", "de")


def test_switches_the_organization_by_the_dropdown(page: Page, shop: tuple[int, str]) -> None:
    """ORG-1: top left, on any page; the section stays, and the panel remembers the organization."""
    organization_id, email = shop
    open_as_owner(page, email)
    page.goto(reverse("billing:orders", args=[organization_id]))
    page.get_by_role("button", name=re.compile("Switch organization")).click()
    page.locator(".switcher__item", has_text="Zweite Filiale GmbH").click()
    expect(page.get_by_role("button", name=re.compile("Organization: Zweite Filiale GmbH"))).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_have_text("Orders")
    page.goto("/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Zweite Filiale GmbH")


def test_shows_what_is_searched(page: Page, shop: tuple[int, str]) -> None:
    """UI-1."""
    _, email = shop
    open_as_owner(page, email)
    page.keyboard.press("/")
    page.keyboard.type("expiring")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search/?q=expiring")
    expect(page.locator("main")).to_contain_text("expiring.example")


def test_tries_the_api_on_its_page(page: Page) -> None:
    """API-4: drawn from our own files under the strict policy; nothing is asked elsewhere."""
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    # Drawn is what is in sight: the address leads there.
    page.goto("/api/docs/#/orders")
    expect(page.locator("#content")).to_contain_text(
        "/api/1/organizations/{organization}/orders", timeout=2 * PATIENCE
    )
    assert complaints == []
    assert all(url.startswith((page.url.split("/api/")[0], "data:", "blob:")) for url in asked)


def test_mail_of_the_story_names_the_person(page: Page) -> None:
    """ACC-1: the confirmation lies in the inbox of the demonstration."""
    open_for_business()
    register(page)
    page.goto("/inbox/")
    expect(page.locator("main table")).to_contain_text(EMAIL)
