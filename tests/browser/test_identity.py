"""ACC-12 in two browsers: begun on a computer, done on a phone, approved in the back office."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import Browser, BrowserContext, Page, expect
from pytest_django import Settings

from accounts.identity.models import IdentityCase, IdentityImage
from accounts.identity.status import CaseStatus
from accounts.sms.models import SmsFactor
from manager.demo.inbox.models import InboxMessage
from manager.outbox.sms import drain_sms
from tests.browser.hands import open_phone, serious_violations
from tests.browser.story import work
from tests.factories.identity import NUMBER, REVIEW, make_staff, picture, sent_code
from tests.factories.people import NEW_PASSWORD, PASSWORD, mails, present, register
from tests.fixtures.browser import PATIENCE
from tests.fixtures.http import Site


@pytest.fixture(autouse=True)
def _inbox(settings: Settings) -> None:
    """Deliver mails and messages to the inbox of the demonstration."""
    settings.EMAIL_BACKEND = "manager.demo.inbox.backend.InboxBackend"


@pytest.fixture
def phone(browser: Browser, site: Site):
    """A phone: a small window, touch, a browser profile of its own."""
    context = open_phone(browser, site)
    yield context
    context.close()


def photograph(screen: Page, heading: str) -> None:
    """Choose a picture and go on."""
    expect(screen.get_by_role("heading", level=1)).to_have_text(heading)
    file = {"name": "photo.jpg", "mimeType": "image/jpeg", "buffer": picture(1200, 800)}
    screen.set_input_files("input[type=file]", file)
    expect(screen.get_by_alt_text("The photograph that you chose")).to_be_visible()
    assert screen.evaluate("document.documentElement.scrollWidth") <= 390
    screen.get_by_role("button", name="Use this photograph").click()


def do_the_check(screen: Page, link: str) -> None:
    """Everything on the phone, from the QR code's link to the sending."""
    screen.goto(link)
    screen.get_by_label("Mobile number").fill(NUMBER)
    screen.get_by_role("button", name="Send the code").click()
    expect(screen.get_by_role("heading", name="Enter the code")).to_be_visible()
    screen.locator("input[name=code]").fill(sent_code())
    expect(screen.get_by_role("heading", name="Your document")).to_be_visible()
    screen.get_by_text("Front and back").click()
    screen.get_by_role("button", name="Continue").click()
    photograph(screen, "Front of the identity card")
    photograph(screen, "Back of the identity card")
    photograph(screen, "Selfie")
    expect(screen.get_by_role("heading", name="Everything right?")).to_be_visible()
    screen.get_by_role("button", name="Send to our staff").click()
    expect(screen.get_by_text("Our staff look at it now")).to_be_visible()


def come_in(screen: Page, email: str) -> None:
    """Sign a member of the staff in, with a code by SMS."""
    screen.goto("/staff/")
    screen.locator("input[name=email]").fill(email)
    screen.locator("input[name=password]").fill(PASSWORD)
    screen.locator("input[name=password]").press("Enter")
    screen.wait_for_url(re.compile(r"/sign-in/"))
    if screen.locator("input[name=code]").count() == 0:
        screen.get_by_role("button", name=re.compile("SMS|Send|code", re.IGNORECASE)).first.click()
    drain_sms(at=present())
    expect(screen.locator("input[name=code]")).to_be_visible()
    message = InboxMessage.objects.filter(recipient="+41791110009").latest("pk")
    found = re.search(r"\b\d{6}\b", message.text)
    assert found, message.text
    screen.locator("input[name=code]").fill(found[0])
    expect(screen.get_by_role("heading", name="Back office")).to_be_visible()


def test_a_lost_password_comes_back_by_an_identity_check(
    page: Page, phone: BrowserContext, browser: Browser, site: Site
) -> None:
    """From the forgotten password on the computer to the new one on the phone."""
    owner = register(first_name="Zora", last_name="Keller")
    nora = make_staff(REVIEW)
    SmsFactor.objects.create(user=nora, phone="+41791110009", name="Work phone", confirmed=True)

    page.goto(reverse("accounts:password_forgotten"))
    page.get_by_role("link", name=re.compile("Show us who you are")).click()
    page.get_by_label("E-mail or mobile number of your account").fill(owner.email)
    page.get_by_role("button", name="Continue").click()
    link = page.get_by_role("link", name="Continue on this device").get_attribute("href")
    assert link

    screen = phone.new_page()
    do_the_check(screen, link)
    # The computer has gone on by itself.
    expect(page.get_by_text("Our staff look at it now")).to_be_visible()
    assert IdentityImage.objects.count() == 3

    office = browser.new_context(base_url=site.url, locale="en-GB", viewport={"width": 1280, "height": 900})
    office.set_default_timeout(PATIENCE)
    desk = office.new_page()
    mails()
    come_in(desk, nora.email)
    desk.get_by_role("link", name="Identity checks to review").click()
    desk.get_by_role("link", name="Zora Keller").click()
    pictures = desk.locator(".photo-wall img")
    expect(pictures).to_have_count(3)
    # They come after the page.
    desk.wait_for_function(
        "() => [...document.querySelectorAll('.photo-wall img')].every(one => one.naturalWidth === 1200)"
    )
    assert serious_violations(desk) == []
    desk.get_by_role("button", name="Approve").click()
    expect(desk.get_by_text("The photographs are deleted.")).to_be_visible()
    office.close()

    case = IdentityCase.objects.get()
    assert case.status == CaseStatus.APPROVED
    assert IdentityImage.objects.count() == 0
    expect(page.get_by_text("Your identity is confirmed")).to_be_visible()

    work()
    drain_sms(at=present())
    message = InboxMessage.objects.filter(recipient=NUMBER).latest("pk").text
    found = re.search(r"(/identity-result/\S+)", message)
    assert found, message
    screen.goto(found[1])
    screen.get_by_role("button", name="Set a new password").click()
    screen.locator("input[name=password]").fill(NEW_PASSWORD)
    screen.get_by_role("button", name="Set the password").click()
    expect(screen.get_by_text("Your new password is set.")).to_be_visible()
