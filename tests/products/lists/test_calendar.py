"""The calendar of expiries: a secret address, and only what its member may see now (PRD-8, ORG-13)."""

import re

from django.test import Client

from manager.kit.clock import add_months, now
from manager.kit.scope import tenant_scope
from organizations.members.models import Membership
from organizations.profile.models import Organization
from products.inventory.models import Product
from products.lists.icalendar import DayEvent, write_calendar
from products.lists.models import ExpiryFeed
from products.lists.views.calendar import READS_AN_HOUR
from tests.factories.cast import client_of, grant, make_member
from tests.factories.products import make_product
from tests.products.inventory.pages import get, products_url


def make_address(client: Client, organization: Organization) -> str:
    html = client.post(products_url(organization, "calendar/")).content.decode()
    found = re.search(r"/calendar/[\w-]+\.ics", html)
    assert found is not None
    return found[0]


def expire_soon(product: Product, organization: Organization) -> None:
    with tenant_scope(organization.pk):
        Product.objects.filter(pk=product.pk).update(expires_on=add_months(now().date(), 1))


def test_shows_what_the_member_may_see_now_and_ends_with_the_membership(
    alice: Client, organization: Organization
) -> None:
    """ORG-13: a grant that is given shows at once; a membership that has ended opens nothing."""
    seen, hidden = (make_product(organization, name=f"{name}.example") for name in ("seen", "hidden"))
    for product in (seen, hidden):
        expire_soon(product, organization)
    bob = make_member(organization)
    grant(organization, bob, product_id=seen.pk)
    address = make_address(client_of(bob), organization)
    with tenant_scope(organization.pk):
        assert ExpiryFeed.objects.get().digest not in address
    answer = Client().get(address)
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    text = answer.content.decode()
    assert "SUMMARY:seen.example expires\r\n" in text
    assert "hidden.example" not in text
    grant(organization, bob, product_id=hidden.pk)
    assert b"hidden.example" in Client().get(address).content
    with tenant_scope(organization.pk):
        Membership.objects.get(user=bob).delete()
    assert Client().get(address).status_code == 404


def test_an_address_is_shown_once_and_a_new_one_ends_the_old(
    alice: Client, organization: Organization
) -> None:
    """ACC-16: as with other secrets."""
    old = make_address(alice, organization)
    assert ".ics" not in get(alice, products_url(organization, "calendar/"))
    new = make_address(alice, organization)
    assert (Client().get(old).status_code, Client().get(new).status_code) == (404, 200)
    assert alice.post(products_url(organization, "calendar/end/")).status_code == 302
    assert Client().get(new).status_code == Client().get("/calendar/made-up.ics").status_code == 404


def test_is_read_so_many_times_an_hour_and_no_more(alice: Client, organization: Organization) -> None:
    """ACC-17: the answer says when to come again."""
    address = make_address(alice, organization)
    answers = [Client().get(address).status_code for _ in range(READS_AN_HOUR + 1)]
    assert answers == [200] * READS_AN_HOUR + [429]
    assert int(Client().get(address)["Retry-After"]) > 0


def test_names_cannot_break_out_of_their_line(organization: Organization) -> None:
    """INC-31: separators are escaped, lines are folded at 75 octets without cutting a letter."""
    at = now()
    event = DayEvent("1@x", at.date(), "a;b,c\\d\r\nEND:VCALENDAR " + "é" * 80, "x", "https://example.com/")
    text = write_calendar(name="N", events=[event], at=at)
    lines = text.split("\r\n")
    assert all(len(line.encode()) <= 75 for line in lines)
    assert lines.count("END:VCALENDAR") == 1
    unfolded = text.replace("\r\n ", "")
    assert "SUMMARY:a\\;b\\,c\\\\d\\nEND:VCALENDAR " + "é" * 80 in unfolded
