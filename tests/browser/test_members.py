"""The switcher by keyboard, and the wizard of invitations, in a real browser (ORG-1, ORG-7)."""

import re

from playwright.sync_api import expect

from manager.kit.scope import tenant_scope
from organizations.members.models import Invitation
from tests.browser.hands import lend_session
from tests.factories.cast import client_of, make_person, make_tenant
from tests.factories.products import make_family, make_product


def test_switches_by_keyboard_and_keeps_the_section(site, context, page):
    """ORG-1: fourteen organizations, of which a page carries ten until the switcher is opened."""
    alice = make_person("Alice Meier")
    made = [make_tenant(alice, name=f"Tenant {number:02}") for number in range(14)]
    lend_session(context, site, client_of(alice))
    page.goto(site.address(f"/o/{made[0].pk}/members/"))
    assert page.evaluate("document.activeElement.tagName") == "BODY"  # opening the page moves no focus
    button = page.locator(".switcher__button")
    panel = page.locator("#switcher-panel")
    expect(panel.locator(".switcher__item")).to_have_count(10)

    button.focus()
    page.keyboard.press("Enter")
    expect(panel.get_by_role("searchbox")).to_be_focused()
    expect(panel.locator(".switcher__item")).to_have_count(14)
    page.keyboard.press("ArrowDown")
    expect(panel.locator(".switcher__item").first).to_be_focused()
    page.keyboard.press("Escape")
    expect(panel).to_be_hidden()

    page.keyboard.press("Enter")
    page.keyboard.type("tenant 07")
    expect(panel.locator(".switcher__item:visible")).to_have_count(1)
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/o/{made[7].pk}/members/")
    expect(button).to_contain_text("Tenant 07")


def test_invites_two_people_step_by_step(site, context, page):
    """ORG-7: back and forth, then sent once."""
    make_family("web")
    alice = make_person("Alice Meier")
    organization = make_tenant(alice, name="Example AG")
    make_product(organization, name="shop.example")
    lend_session(context, site, client_of(alice))
    page.goto(site.address(f"/o/{organization.pk}/members/"))
    page.get_by_role("link", name="Invite people").click()
    page.get_by_label("E-mail addresses").fill(
        "Bob Rossi <bob@example.com>, eva@example.com, BOB@example.com"
    )
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_text("Given twice, invited once: bob@example.com")).to_be_visible()
    page.get_by_text("A person from outside").click()
    page.get_by_role("button", name="Continue").click()
    page.get_by_label("shop.example").check()
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("link", name="Back").click()
    expect(page.get_by_label("shop.example")).to_be_checked()
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_label("Billing", exact=True)).to_be_disabled()
    page.get_by_label("Technical").check()
    page.get_by_role("button", name="Continue").click()
    expect(page.locator("main")).to_contain_text("eva@example.com")
    expect(page.locator("main")).to_contain_text("shop.example")
    page.get_by_role("button", name="Send invitations").click()
    page.wait_for_url(re.compile(r"/members/$"))
    expect(page.get_by_text("2 invitations are on their way.")).to_be_visible()
    with tenant_scope(organization.pk):
        assert Invitation.objects.filter(role="external", topics=["technical"]).count() == 2
