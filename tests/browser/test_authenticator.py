"""A computer and a phone, each a browser of its own: link, approve, refuse, offline code, unlink (ACC-10)."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from accounts.authenticator import stream
from accounts.authenticator.models import LinkedPhone
from tests.browser.hands import open_phone, serious_violations
from tests.factories.people import PASSWORD, code_of, register, turn_on_totp
from tests.factories.phones import ANDROID, offer_token

PANEL_LINK = "/profile/security/phones/link/"


@pytest.fixture
def phone_context(browser: Browser, site) -> Iterator[BrowserContext]:
    """A phone: a small screen, an Android browser, nothing shared with the computer."""
    context = open_phone(browser, site, user_agent=ANDROID)
    yield context
    context.close()


@pytest.fixture
def phone(phone_context: BrowserContext) -> Iterator[Page]:
    """The page on the phone, without script errors and without anything that the content policy refuses."""
    page = phone_context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on(
        "console", lambda said: errors.append(said.text) if "Content Security Policy" in said.text else None
    )
    yield page
    assert not errors, errors


def give_password(page: Page, user) -> None:
    page.goto("/sign-in/")
    page.get_by_label("E-mail").fill(user.email)
    page.locator("input[type=password]").fill(PASSWORD)
    page.locator("input[type=password]").press("Enter")


def type_code(page: Page, code: str) -> None:
    """Type a code into the field that sends itself when it is full, once the page's scripts are there."""
    field = page.get_by_label("Code of 6 digits")
    field.wait_for()
    page.wait_for_load_state("load")
    field.fill(code)


def offer_on(page: Page) -> str:
    """Open the panel's page with the QR code and return what the code to type is."""
    page.goto(PANEL_LINK)
    return page.locator("[data-copy-source]").inner_text()


def link_phone(page: Page, phone: Page) -> None:
    """Link by the typed code; the panel's page goes on by itself."""
    code = offer_on(page)
    phone.goto("/authenticator/")
    phone.locator("[data-add]:visible").first.click()
    phone.get_by_label("Code", exact=True).fill(code.upper())
    phone.get_by_role("button", name="Continue").click()
    phone.get_by_label("Name of this phone").fill("Carla's phone")
    phone.get_by_role("button", name="Link", exact=True).click()
    expect(phone.locator("account-card")).to_have_count(1)


def sign_out(page: Page) -> None:
    page.context.clear_cookies()


def test_links_approves_refuses_and_shows_codes_offline(page, phone, phone_context):
    """ACC-10, ACC-9: the whole story of one phone."""
    user = register()
    give_password(page, user)
    page.wait_for_url(re.compile(r"/(o/|organizations|profile)"))
    link_phone(page, phone)

    # The panel's page goes on by itself and shows the backup codes.
    expect(page.get_by_role("heading", name="Your backup codes")).to_be_visible()
    expect(phone.locator("[data-copy-code]")).to_be_visible()
    assert re.fullmatch(r"\d{3} \d{3}", phone.locator("[data-slot=code]").inner_text())
    assert serious_violations(phone) == []

    # A sign-in asks the phone; with the number of the browser the waiting page goes on by itself.
    sign_out(page)
    give_password(page, user)
    number = page.locator(".match__number").inner_text()
    request = phone.locator("#request")
    expect(request).to_be_visible()
    expect(request).to_contain_text("127.0.0.1")
    expect(request).to_contain_text("(local network)")
    assert request.get_by_role("button", name="Yes").is_disabled()
    assert serious_violations(phone) == []
    assert serious_violations(page) == []
    request.locator("label.choice", has_text=number).click()
    request.get_by_role("button", name="Yes").click()
    page.wait_for_url(re.compile(r"/(o/|organizations|profile)"))
    expect(request).to_contain_text("Approved")
    expect(request).to_be_hidden()

    # NO lets nobody in, and the browser hears it.
    sign_out(page)
    give_password(page, user)
    expect(request).to_be_visible()
    request.get_by_role("button", name="No").click()
    expect(page.get_by_role("heading", name="Refused on your phone")).to_be_visible()
    expect(request).to_contain_text("Refused")

    # Without a network the app still opens and its code is taken.
    phone.evaluate("navigator.serviceWorker.ready.then(() => true)")
    phone_context.set_offline(True)
    phone.reload()
    expect(phone.locator("#offline")).to_be_visible()
    code = phone.locator("[data-slot=code]")
    expect(code).to_have_text(re.compile(r"\d{3} \d{3}"))
    page.get_by_text("Phone offline?").click()
    type_code(page, code.inner_text().replace(" ", ""))
    page.wait_for_url(re.compile(r"/(o/|organizations|profile)"))
    phone_context.set_offline(False)

    # Keys cannot be taken from the phone, not even by a script on its page.
    exportable = phone.evaluate(
        """() => new Promise((done) => {
          indexedDB.open("authenticator").onsuccess = ({ target }) => {
            const all = target.result.transaction("links").objectStore("links").getAll();
            const keysOf = (link) => [link.privateKey.extractable, link.codeKey.extractable];
            all.onsuccess = () => done(all.result.map(keysOf));
          };
        })"""
    )
    assert exportable == [[False, False]]


def test_is_linked_by_the_qr_codes_address_beside_another_account_and_unlinked(phone):
    """ACC-10: several accounts on one phone; unlinked from the panel, the app notices."""
    first, second = register(), register()
    for user in (first, second):
        token = offer_token(user)
        phone.goto(f"/authenticator/link/{token}/")
        expect(phone.get_by_role("heading", name="Link this account?")).to_be_visible()
        expect(phone.locator('[data-view="link"]')).to_contain_text(user.email)
        assert token not in phone.url
        phone.get_by_role("button", name="Link", exact=True).click()
        expect(phone.locator("account-card", has_text=user.email)).to_be_visible()
    expect(phone.locator("account-card")).to_have_count(2)

    LinkedPhone.objects.filter(user=second).delete()
    expect(phone.locator("account-card")).to_have_count(1)
    expect(phone.locator("#notice")).to_contain_text("was unlinked in the panel")
    phone.get_by_role("button", name="Unlink").click()
    phone.locator("#unlink-dialog [data-confirm]").click()
    expect(phone.locator("account-card")).to_have_count(0)
    expect(phone.get_by_role("heading", name="Sign in with a tap")).to_be_visible()


def test_goes_on_where_no_events_come(page, phone):
    """The waiting page asks by itself where too many listen already."""
    user = register()
    turn_on_totp(user)
    give_password(page, user)
    type_code(page, code_of(user))
    page.wait_for_url(re.compile(r"/(o/|organizations|profile)"))
    link_phone(page, phone)
    page.wait_for_url("**/profile/security/")
    sign_out(page)
    places = [stream._free.acquire(blocking=False) for _ in range(stream.STREAMS_PER_PROCESS)]
    try:
        give_password(page, user)
        if not page.locator(".match__number").is_visible():
            page.get_by_text("Use another way").click()
            page.get_by_text("Carla's phone").click()
        number = page.locator(".match__number").inner_text()
        phone.locator("label.choice", has_text=number).click()
        phone.get_by_role("button", name="Yes").click()
        page.wait_for_url(re.compile(r"/(o/|organizations|profile)"))
    finally:
        for place in places:
            if place:
                stream._free.release()
