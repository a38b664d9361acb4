"""Passkeys in Chromium, with its virtual authenticator (ACC-8)."""

from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from django_otp_webauthn.models import WebAuthnCredential
from playwright.sync_api import BrowserContext, CDPSession, Page, expect

from accounts.users.models import User
from tests.browser.hands import serious_violations
from tests.factories.people import PASSWORD, register
from tests.fixtures.http import Site

AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def address(site: Site) -> Callable[[str], str]:
    """Return a function that gives a path's address under a host name: numbers have no passkeys."""
    port = urlsplit(site.url).port
    return lambda path: f"http://localhost:{port}{path}"


@pytest.fixture
def device(context: BrowserContext, page: Page) -> Iterator["Device"]:
    """A device of the person that keeps passkeys and verifies its owner."""
    session = context.new_cdp_session(page)
    session.send("WebAuthn.enable", {"enableUI": False})
    made = session.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
    yield Device(session, made["authenticatorId"])
    session.detach()


class Device:
    """What the virtual authenticator holds, and whether it knows its owner."""

    def __init__(self, session: CDPSession, identity: str) -> None:
        self.session, self.identity = session, identity

    def passkeys(self) -> list[dict[str, Any]]:
        """Return what is kept on the device."""
        answer = self.session.send("WebAuthn.getCredentials", {"authenticatorId": self.identity})
        kept: list[dict[str, Any]] = answer["credentials"]
        return kept

    def forget_owner(self) -> None:
        """Let the check of finger or face fail from now on."""
        self.session.send(
            "WebAuthn.setUserVerified", {"authenticatorId": self.identity, "isUserVerified": False}
        )

    def wait_for_touch(self, *, waits: bool) -> None:
        """Let the device wait for its owner's touch, or take it as given."""
        self.session.send(
            "WebAuthn.setAutomaticPresenceSimulation",
            {"authenticatorId": self.identity, "enabled": not waits},
        )


def give_password(page: Page, user: User) -> None:
    page.get_by_label("E-mail").fill(user.email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url(lambda url: not url.endswith("/sign-in/"))


def add_passkey(page: Page, address: Callable[[str], str], name: str) -> None:
    page.goto(address("/profile/security/passkeys/add/"))
    page.get_by_label("Name").fill(name)
    page.get_by_role("button", name="Make the passkey").click()


def open_with_passkey(page: Page, address: Callable[[str], str], name: str) -> User:
    """Sign a new person in who adds a passkey as the first factor."""
    user = register()
    page.goto(address("/sign-in/"))
    give_password(page, user)
    add_passkey(page, address, name)
    expect(page.get_by_role("heading", level=1)).to_have_text("Your backup codes")
    return user


def sign_out(page: Page, address: Callable[[str], str]) -> None:
    page.context.clear_cookies()
    page.goto(address("/sign-in/"))


def test_a_passkey_is_made_used_both_ways_and_removed(
    page: Page, address: Callable[[str], str], device: Device
) -> None:
    """ACC-8, ACC-9: the whole life of one, by hand."""
    user = open_with_passkey(page, address, "Blue laptop")
    assert len(device.passkeys()) == 1
    assert device.passkeys()[0]["isResidentCredential"]

    # Alone, without e-mail and password
    sign_out(page, address)
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url(lambda url: "/sign-in" not in url)
    page.goto(address("/profile/security/"))
    expect(page.locator("#second-factor")).to_contain_text("Blue laptop")

    # After the password; nobody touches the device while the field offers passkeys
    device.wait_for_touch(waits=True)
    sign_out(page, address)
    give_password(page, user)
    page.wait_for_url("**/sign-in/code/passkey/**")
    device.wait_for_touch(waits=False)
    page.get_by_role("button", name="Use your passkey").click()
    page.wait_for_url(lambda url: "/sign-in" not in url)

    # Removed with the password, as it is the last one
    page.goto(address("/profile/security/"))
    page.locator("#second-factor").get_by_role("link", name="Remove").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Password", exact=True).fill(PASSWORD)
    dialog.get_by_role("button", name="Turn off").click()
    expect(page.locator("#second-factor")).not_to_contain_text("Blue laptop")
    assert not WebAuthnCredential.objects.exists()

    sign_out(page, address)
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("This passkey was not accepted")


def test_the_field_offers_the_passkey_by_itself(
    page: Page, address: Callable[[str], str], device: Device
) -> None:
    """ACC-8: whoever chooses it there needs no button."""
    open_with_passkey(page, address, "Laptop")
    sign_out(page, address)
    page.get_by_label("E-mail").focus()
    page.wait_for_url(lambda url: "/sign-in" not in url)


def test_the_same_device_is_not_added_twice(
    page: Page, address: Callable[[str], str], device: Device
) -> None:
    """ACC-8: the browser says so itself, and the page tells it."""
    open_with_passkey(page, address, "First")
    add_passkey(page, address, "Second")
    expect(page.get_by_text("This device has a passkey for your account already.")).to_be_visible()
    assert WebAuthnCredential.objects.count() == 1


def test_a_device_that_does_not_know_its_owner_signs_nobody_in(
    page: Page, address: Callable[[str], str], device: Device
) -> None:
    """ACC-8: a stolen device without its owner's finger."""
    open_with_passkey(page, address, "Laptop")
    device.forget_owner()
    sign_out(page, address)
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_text("No passkey was chosen. You can try again.")).to_be_visible()


def test_an_address_of_numbers_says_plainly_where_passkeys_work(page: Page, site: Site) -> None:
    """ACC-8: 127.0.0.1 cannot have any; the link leads to the same page under the name."""
    page.goto("/sign-in/")
    link = page.get_by_role("link", name="http://localhost:")
    link.click()
    expect(page.get_by_role("button", name="Sign in with a passkey")).to_be_visible()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_pages_of_second_factors_are_accessible(
    page: Page, address: Callable[[str], str], device: Device, theme: str
) -> None:
    """axe finds no serious violation on the pages of second factors."""
    user = register()
    page.emulate_media(color_scheme=theme, reduced_motion="reduce")  # type: ignore[arg-type]  # one of playwright's words
    page.goto(address("/sign-in/"))
    seen = {"sign-in": serious_violations(page)}
    give_password(page, user)
    add_passkey(page, address, "Laptop")
    expect(page.get_by_role("heading", level=1)).to_have_text("Your backup codes")
    seen["codes"] = serious_violations(page)
    for path in ("", "sms/", "authenticator/", "passkeys/add/", "backup-codes/", "prove/"):
        page.goto(address(f"/profile/security/{path}"))
        seen[path] = serious_violations(page)
    device.wait_for_touch(waits=True)
    sign_out(page, address)
    give_password(page, user)
    for path in ("/sign-in/code/passkey/", "/sign-in/ways/", "/sign-in/code/?backup"):
        page.goto(address(path))
        seen[path] = serious_violations(page)
    assert {place: found for place, found in seen.items() if found} == {}
