"""Choose what is due, see the sum at once, and pay with a new card, in a real browser (BIL-2, BIL-3)."""

import re
from datetime import timedelta

from django.urls import reverse
from playwright.sync_api import expect

from tests.browser.hands import lend_session, serious_violations
from tests.factories.billing import make_address, make_legal_entity
from tests.factories.cast import client_of, make_person, make_tenant
from tests.factories.orders import fill_cart
from tests.factories.payments import now, provider
from tests.factories.products import make_product, reread
from tests.factories.promotions import make_code


def test_pays_what_is_due_with_a_new_card(psp, site, context, page):
    """BIL-2, BIL-10: the price follows the choice; the content policy lets the form lead to the provider."""
    owner = make_person()
    organization = make_tenant(owner)
    make_legal_entity()
    product = make_product(organization, at=now() + timedelta(days=30 - 365), name="shop.example")
    lend_session(context, site, client_of(owner))

    page.goto(site.address(reverse("billing:to_pay", args=[organization.pk])))
    page.get_by_role("checkbox", name="Select shop.example").check()
    summary = page.locator(".summary")
    expect(summary).to_contain_text("129.72")
    page.get_by_label("Period of shop.example").select_option("24")
    expect(summary).to_contain_text("259.44")
    page.get_by_role("button", name="Pay my selection").click()

    page.get_by_role("radio", name=re.compile("^New card")).check()
    page.get_by_role("button", name=re.compile("^Pay CHF")).click()
    page.wait_for_url(f"{provider().url}/**")
    page.locator('input[name="number"]').fill("4000 0025 0000 3155")
    page.locator('input[name="expiry"]').fill("12/34")
    page.locator('input[name="cvc"]').fill("123")
    page.get_by_role("button", name=re.compile("Pay")).first.click()
    page.locator('button[value="approve"]').click()

    expect(page.get_by_text("Thank you")).to_be_visible()
    expect(page.get_by_text("Renews by itself from now on")).to_be_visible()
    assert reread(product, organization).auto_renew is True
    assert len(provider().charges()) == 1


def test_the_means_is_chosen_before_the_codes_and_kept(psp, site, context, page):
    """PRD-3: means, then codes one after another; the page to pay has the means that was chosen."""
    owner = make_person()
    organization = make_tenant(owner)
    make_legal_entity()
    make_address(organization)
    fill_cart(organization)
    lend_session(context, site, client_of(owner))
    page.goto(site.address(reverse("billing:checkout", args=[organization.pk])))
    page.get_by_role("radio", name=re.compile("^TWINT")).check()
    for code in (make_code("WELCOME10"), make_code(amount=800)):
        page.get_by_label("Promotional code").fill(code.code)
        page.keyboard.press("Enter")
        expect(page.locator(".summary")).to_contain_text(f"Code {code.code}")
        expect(page.get_by_role("radio", name=re.compile("^TWINT"))).to_be_checked()
    assert serious_violations(page) == []
    page.get_by_role("button", name="Order and pay").click()
    page.wait_for_url("**/pay/**")
    expect(page.get_by_role("radio", name=re.compile("^TWINT"))).to_be_checked()
    expect(page.locator(".summary")).to_contain_text("108.10")
