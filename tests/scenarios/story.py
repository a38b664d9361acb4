"""The hands of a customer: browser, mails, the provider's page, and the calendar."""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from html import unescape
from typing import Any

from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from accounts.users.models import User
from billing.invoices.models import Invoice
from manager.kit.scope import person_scope, tenant_scope
from manager.outbox.models import OutgoingMail
from organizations.members.models import Membership
from products.inventory.models import Product
from tests.factories.payments import provider

PASSWORD = "quiet-harbour-violet-tandem"
LINK = re.compile(r"https?://[^\s\"<>]+")


@dataclass
class Customer:
    """A company's legal representative in front of a browser."""

    browser: Client
    organization_id: int
    user: User

    def url(self, name: str, *arguments: object) -> str:
        """Return the address of a page of the organization."""
        return reverse(f"billing:{name}", args=[self.organization_id, *arguments])

    def sign_in(self) -> None:
        """Sign in (again): a tick as of a later day has ended the sessions that are over by then."""
        self.browser.post("/sign-in/", {"email": self.user.email, "password": PASSWORD})

    def read(self, address: str, **query: Any) -> str:
        """Open a page and return its text."""
        answer = self.browser.get(address, query, follow=True)
        assert answer.status_code == 200, (address, answer.status_code)
        return unescape(answer.content.decode())

    def order(self, slug: str, *, months: int = 12, name: str = "") -> Invoice:
        """Put a plan into the cart, check out with a new address, and return what is to be paid."""
        added = self.browser.post(
            self.url("shop_plan", slug), {"months": months, "quantity": 1, "name": name or "My site"}
        )
        assert added.status_code == 302, added.content[:2000]
        page = self.read(self.url("checkout"))
        if 'name="street"' in page:
            street = {"street": "Bahnhofstrasse 1", "postal_code": "8001", "city": "Zürich"}
            given = {"kind": "company", "name": "Keller AG", "country": "CH", **street}
            answer = self.browser.post(self.url("checkout"), {"do": "add_address", **given}, follow=True)
            page = unescape(answer.content.decode())
        confirmed = {
            field: re.search(rf'name="{field}" value="([^"]*)"', page)[1]  # type: ignore[index]
            for field in ("confirmation_key", "confirmed_total")
        }
        chosen = re.search(r'name="address" value="(\d+)"', page)
        sent = self.browser.post(self.url("checkout"), {**confirmed, "address": chosen[1] if chosen else ""})
        assert sent.status_code == 302, sent.content[:2000]
        return self.invoices()[-1]

    def pay_by_card(self, address: str, card: str = "4242424242424242", *, keep: bool = True) -> str:
        """Pay on the provider's page with a new card, come back, and return the page that is shown."""
        sent = self.browser.post(address, {"choice": "new-card", **({"keep": "on"} if keep else {})})
        assert sent.status_code == 302, sent.content[:2000]
        return self.read(provider().pay_checkout(sent.url, card=card))

    def invoices(self) -> list[Invoice]:
        """Return all invoices, oldest first."""
        with tenant_scope(self.organization_id):
            return list(Invoice.objects.order_by("pk"))

    def products(self) -> list[Product]:
        """Return all products, oldest first."""
        with tenant_scope(self.organization_id):
            return list(Product.objects.order_by("pk"))


def mails(template: str) -> list[OutgoingMail]:
    """Return the mails of a template, oldest first."""
    return list(OutgoingMail.objects.using("system").filter(template=template).order_by("pk"))


def link_in(mail: OutgoingMail, part: str) -> str:
    """Return the path of the mail's link that has `part` in it."""
    [url] = {url for url in LINK.findall(mail.text) if part in url}
    return "/" + url.split("/", 3)[3]


def tick(at: date | datetime | None = None) -> None:
    """Run `manage.py tick` as of a moment."""
    call_command("tick", *(["--at", at.isoformat()] if at else []), verbosity=0)


def approve(mail: OutgoingMail) -> None:
    """Open the mail's link in a browser that is signed in nowhere, go on to the bank, and approve."""
    stranger = Client()
    path = link_in(mail, "/pay/")
    assert stranger.get(path).status_code == 200
    answer = stranger.post(path, follow=True)
    target = next((url for url, _status in answer.redirect_chain if url.startswith(provider().url)), "")
    if not target:
        bank = re.search(rf'href="({re.escape(provider().url)}[^"]+)"', unescape(answer.content.decode()))
        assert bank is not None
        target = bank[1]
    back = provider().submit(target, {"decision": "approve"})
    assert stranger.get(back).status_code == 200


def days_before(product: Product, count: int) -> date:
    """Return the day `count` days before the product's expiry."""
    assert product.expires_on is not None
    return product.expires_on - timedelta(days=count)


def register_company() -> Customer:
    """Register a company on the public page, confirm the address by its mail, and sign in."""
    browser = Client(headers={"user-agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Firefox/140.0"})
    given = {
        "kind": "company",
        "company_name": "Keller AG",
        "country": "CH",
        "first_name": "Anna",
        "last_name": "Keller",
        "email": "anna@example.com",
        "phone": "+41 79 123 45 67",
        "password": PASSWORD,
    }
    answer = browser.post("/register/", given)
    assert answer.status_code == 302, answer.content[:2000]
    tick()
    [mail] = mails("email_confirmation")
    confirmed = browser.post(link_in(mail, "/confirm-email/"))
    assert confirmed.status_code == 302
    browser.post("/sign-in/", {"email": "anna@example.com", "password": PASSWORD})
    user = User.objects.get(email="anna@example.com")
    with person_scope(user.pk):
        membership = Membership.objects.get(user=user)
    customer = Customer(browser, membership.organization_id, user)
    assert customer.browser.get(customer.url("shop")).status_code == 200
    return customer
