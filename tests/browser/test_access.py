"""Ask for what is greyed, approve it, and see that it works, in a real browser (UI-6, ORG-13)."""

import re

from playwright.sync_api import expect

from manager.kit.clock import now
from manager.kit.scope import tenant_scope
from organizations.access.roles import Role
from organizations.requests.models import AccessRequest
from tests.browser.hands import lend_session
from tests.factories.cast import client_of, grant, make_member, make_person, make_tenant
from tests.factories.products import make_product


def test_asks_for_what_is_greyed_and_may_do_it_once_approved(site, context, page):
    """UI-6: the greyed button opens the question in a dialog; approving writes the grant at once."""
    owner = make_person("Alice Meier")
    organization = make_tenant(owner)
    bob = make_member(organization, Role.COLLABORATOR, name="Bob Rossi")
    product = make_product(organization, name="shop.example", at=now())
    grant(organization, bob, "view", product_id=product.pk)
    address = site.address(f"/o/{organization.pk}/products/{product.pk}/")

    lend_session(context, site, client_of(bob))
    page.goto(address)
    greyed = page.get_by_role("link", name="Rename")
    greyed.focus()
    expect(page.get_by_text("Click to ask for access.").first).to_be_visible()
    greyed.click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("shop.example")
    expect(dialog).to_contain_text("Alice Meier")
    dialog.get_by_label(re.compile("Why you need it")).fill("I look after the shop.")
    dialog.get_by_role("button", name="Send the request").click()
    page.wait_for_url("**/access/")
    expect(page.get_by_role("table", name="My requests")).to_contain_text("Not answered yet")

    lend_session(context, site, client_of(owner))
    page.goto(site.address(f"/o/{organization.pk}/"))
    page.get_by_role("link", name=re.compile("Requests for access")).first.click()
    page.get_by_role("link", name="Bob Rossi").click()
    expect(page.get_by_text("I look after the shop.")).to_be_visible()
    page.get_by_role("button", name="Approve").click()
    page.wait_for_url("**/access/requests/")
    with tenant_scope(organization.pk):
        assert AccessRequest.objects.get().status == "approved"

    lend_session(context, site, client_of(bob))
    page.goto(address)
    page.get_by_role("link", name="Rename").click()
    page.get_by_role("dialog").get_by_role("textbox", name="Name", exact=True).fill("new-shop.example")
    page.get_by_role("dialog").get_by_role("button", name=re.compile("Rename|Save")).click()
    expect(page.get_by_role("heading", name="new-shop.example")).to_be_visible()
