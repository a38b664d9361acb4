"""What is chosen on one page is paid from another one; products are found in their menu (BIL-2, PRD-2)."""

import re

from django.urls import reverse
from playwright.sync_api import expect

from manager.kit.scope import tenant_scope
from products.inventory.models import Product
from tests.browser.hands import lend_session
from tests.factories.billing import make_legal_entity
from tests.factories.cast import client_of, make_person, make_tenant
from tests.factories.payments import now
from tests.factories.products import make_many_products, make_plan


def test_a_selection_survives_pages_and_is_found_again_in_the_menu(site, context, page):
    """BIL-2: the sum follows at once, on a phone it stays in sight. PRD-2: by the keyboard alone."""
    owner = make_person()
    organization = make_tenant(owner)
    make_legal_entity()
    make_many_products(organization, 55, plan=make_plan(), begin=now().date())
    with tenant_scope(organization.pk):
        first, *_between, last = Product.objects.order_by("expires_on", "id")
    lend_session(context, site, client_of(owner))
    page.set_viewport_size({"width": 390, "height": 844})

    page.goto(site.address(reverse("billing:to_pay", args=[organization.pk]) + "?show=all"))
    page.get_by_role("checkbox", name=f"Select {first.name}").first.check()
    page.locator(f"#months-{first.pk}").select_option("24")
    bar = page.locator(".sum-bar")
    expect(bar).to_contain_text("259.44")
    expect(bar).to_be_in_viewport()
    page.get_by_role("button", name="Next").click()
    page.wait_for_url(re.compile("after="))
    page.locator(f"#to-pay-product-{last.pk}").check()
    expect(bar).to_contain_text("389.16")
    page.reload()
    expect(bar).to_contain_text("389.16")

    page.set_viewport_size({"width": 1280, "height": 800})
    page.get_by_role("button", name="Products", exact=True).click()
    search = page.locator("#products-menu-search")
    search.fill(last.name[5:10])
    found = page.locator("#products-menu-found a", has_text=last.name)
    expect(found.first).to_be_visible()
    search.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/products/\d+/|/products/web/"))
