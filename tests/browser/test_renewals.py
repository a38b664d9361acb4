"""Renewals by hand: a phone's cards, the bulk bar, the keyboard (BIL-10, UI-2, UI-3, UI-5)."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from billing.payment_methods.models import PaymentMethod
from billing.rehearsal.services import rehearse
from manager.kit.scope import tenant_scope
from products.inventory.models import Product
from tests.browser.hands import lend_session, serious_violations
from tests.factories.billing import make_legal_entity
from tests.factories.cast import client_of, make_person, make_tenant
from tests.factories.payments import now
from tests.factories.products import make_many_products, make_plan, make_product
from tests.factories.renewals import make_card, make_renewing

BORDERS = """() => [...document.querySelectorAll("input[type=date], .select__control, .search-field__input")]
    .map((control) => getComputedStyle(control).borderTopColor)"""


@pytest.fixture
def organization(context, site):
    """Return an organization whose owner is signed in."""
    owner = make_person()
    made = make_tenant(owner)
    make_legal_entity()
    lend_session(context, site, client_of(owner))
    return made


def test_a_phone_leaves_out_what_a_row_has_nothing_of(site, page, organization):
    """UI-3: no label with a dash; a wide screen keeps the column."""
    make_product(organization)
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(site.address(f"/o/{organization.pk}/billing/renewals/"))
    means, price = page.locator('td[data-label="Means"]'), page.locator('td[data-label="Price without VAT"]')
    expect(price).to_be_visible()
    expect(means).to_be_hidden()
    page.set_viewport_size({"width": 1280, "height": 844})
    expect(means).to_be_visible()


def test_the_means_of_all_that_match_is_chosen_by_the_bar(site, page, organization):
    """BIL-10: one row selected, all that match asked for, one answer for all."""
    make_card(organization)
    card = make_card(organization)
    make_many_products(organization, 30, plan=make_plan(), begin=now().date())
    page.goto(site.address(f"/o/{organization.pk}/billing/renewals/"))
    page.get_by_role("checkbox", name="Select site").first.check()
    page.get_by_role("checkbox", name="All that match").check()
    page.get_by_role("button", name="Choose the means").click()
    expect(page.get_by_role("heading", name="What 30 products renew with")).to_be_visible()
    page.get_by_role("radio", name=str(card)).check()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("30 products renew with the chosen means from now on.")).to_be_visible()
    assert serious_violations(page) == []
    page.set_viewport_size({"width": 390, "height": 844})
    page.get_by_role("checkbox", name="Select site").first.check()
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_the_keyboard_alone_opens_and_leaves_menu_and_dialog(site, page, organization):
    """UI-5: Escape closes the menu and the dialog, and the focus is back where it began."""
    make_card(organization)
    product = make_product(organization, at=now() - timedelta(days=30))
    page.goto(site.address(f"/o/{organization.pk}/billing/renewals/"))
    opener = page.get_by_role("button", name=f"Actions for {product.name}")
    opener.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("menuitem", name="Renew now").or_(page.get_by_text("Renew now"))).to_be_visible()
    page.keyboard.press("Escape")
    expect(opener).to_be_focused()
    page.keyboard.press("Enter")
    chosen = page.locator("a", has_text="Choose the means")
    expect(chosen).to_be_visible()
    for _press in range(8):
        if chosen.evaluate("element => element === document.activeElement"):
            break
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("heading", name=f"What {product.name} renews with")).to_be_visible()
    assert dialog.evaluate("element => element.contains(document.activeElement)")
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(opener).to_be_focused()
    with tenant_scope(organization.pk):
        assert Product.objects.count() == 1


def test_days_lists_and_searches_have_the_same_border(site, page, organization):
    """UI-4: the controls of a filter look alike, whatever they take."""
    page.goto(site.address(f"/o/{organization.pk}/billing/invoices/?from=2026-01-01"))
    borders = page.evaluate(BORDERS)
    assert len(borders) > 2
    assert len(set(borders)) == 1


def test_a_reason_takes_no_room_from_the_days_of_other_rows(site, page, organization):
    """UI-3, BIL-10: beside a charge that will fail every day still stands on one line."""
    card = make_card(organization)
    make_many_products(organization, 4, plan=make_plan(), begin=now().date())
    failing = make_renewing(organization, name="a-rather-long-name-of-a-domain.example")
    with tenant_scope(organization.pk):
        PaymentMethod.objects.filter(pk=card.pk).update(expiry_year=2020)
        Product.objects.filter(pk=failing.pk).update(expires_on=now().date() + timedelta(days=40))
        rehearse(organization=organization, at=now())
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto(site.address(f"/o/{organization.pk}/billing/renewals/"))
    expect(page.get_by_text("Will fail").first).to_be_visible()
    heights = page.evaluate(
        "() => [...document.querySelectorAll('td[data-label=Expires] time')].map((day) => day.offsetHeight)"
    )
    assert len(set(heights)) == 1
