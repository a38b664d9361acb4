"""The box above the renewals, the list for programs, and the staff's list."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

from django.utils.html import strip_tags

from billing.rehearsal.models import Finding
from billing.rehearsal.services import rehearse
from billing.runs.rights import FOLLOW_RUNS
from manager.kit.scope import tenant_scope
from products.inventory.models import Product
from tests.factories.billing import make_address
from tests.factories.cast import client_of, make_person, make_tenant
from tests.factories.identity import make_staff, staff_client
from tests.factories.renewals import make_card, make_renewing
from tests.factories.tokens import token_client


def expiring(days: int = 40) -> tuple[Any, Any, Product]:
    """Return a person, the organization, and a product that renews and expires in so many days."""
    owner = make_person("Anna Weber")
    organization = make_tenant(owner, name="Weber AG")
    product = make_renewing(organization, name="weber.example")
    on = datetime.now(UTC).date() + timedelta(days=days)
    with tenant_scope(organization.pk):
        Product.objects.filter(organization_id=organization.pk, pk=product.pk).update(expires_on=on)
    return owner, organization, product


def test_the_box_shows_what_is_in_the_way_until_it_is_mended() -> None:
    """Each problem has its button; "Check again" looks at once, and what is mended is gone."""
    owner, organization, _product = expiring()
    client, page = client_of(owner), f"/o/{organization.pk}/billing/renewals/"
    assert "Check now" in client.get(page).content.decode()
    shown = client.post(f"{page}check/", follow=True).content.decode()
    assert "No means of payment" in shown
    assert "weber.example, charged on" in strip_tags(shown)
    assert f'href="/o/{organization.pk}/billing/payment-methods/"' in shown
    program = token_client(owner, "billing:read", "billing:write")
    answer = program.get(f"/api/1/organizations/{organization.pk}/renewals/findings").json()
    assert {one["reason"] for one in answer["data"]} == {"no_means", "address"}
    make_card(organization)
    with tenant_scope(organization.pk):
        type(organization).objects.filter(pk=organization.pk).update(
            street="Weg 1", postal_code="8000", city="Zürich"
        )
    again = program.post(f"/api/1/organizations/{organization.pk}/renewals/findings").json()
    assert again["data"] == []
    assert "All charges of the coming 60 days can succeed." in client.get(page).content.decode()


def test_the_day_of_several_is_told_as_that_of_the_first() -> None:
    """Products of one problem are charged on days of their own."""
    owner, organization, _product = expiring()
    later = datetime.now(UTC).date() + timedelta(days=50)
    other = make_renewing(organization, name="zimmer.example")
    with tenant_scope(organization.pk):
        Product.objects.filter(organization_id=organization.pk, pk=other.pk).update(expires_on=later)
    shown = client_of(owner).post(f"/o/{organization.pk}/billing/renewals/check/", follow=True)
    text = strip_tags(shown.content.decode())
    assert "weber.example, zimmer.example, the first is charged on" in text


def test_staff_see_all_findings_by_reason_and_let_them_be_looked_at_again(query_count: Any) -> None:
    """The list is filtered by reason and organization, in a constant number of queries."""
    _owner, organization, _product = expiring()
    with tenant_scope(organization.pk):
        rehearse(organization=organization, at=datetime.now(UTC))
    client = staff_client(make_staff(FOLLOW_RUNS))
    waiting = client.get("/staff/").content.decode()
    assert "Charges that will fail" in waiting
    assert "1 organization" in waiting
    page = client.get("/staff/failing-charges/", {"reason": "no_means"}).content.decode()
    assert "Weber AG" in page
    assert "weber.example" in page
    assert "Weber AG" not in client.get("/staff/failing-charges/", {"reason": "no_price"}).content.decode()
    assert "Weber AG" not in client.get("/staff/failing-charges/", {"q": "Frei"}).content.decode()
    with query_count() as seen:
        client.get("/staff/failing-charges/")
    assert seen.count < 20
    make_card(organization)
    ids = list(Finding.objects.using("system").values_list("pk", flat=True))
    sent = client.post("/staff/failing-charges/check/", {"selected": [*ids, "x"]}, follow=True)
    assert "1 organization was looked at again." in sent.content.decode()
    assert set(Finding.objects.using("system").values_list("reason", flat=True)) == {"address"}


def test_the_buttons_lead_right_to_what_mends() -> None:
    """BIL-11: to the form of the address that is not complete, and to a top-up of what is missing."""
    owner, organization, _product = expiring()
    client, page = client_of(owner), f"/o/{organization.pk}/billing/renewals/"
    address = make_address(organization, is_default=True, street="")
    card = make_card(organization)
    with tenant_scope(organization.pk):
        type(card).objects.filter(organization_id=organization.pk, pk=card.pk).update(
            kind="prepaid", gateway="prepaid", expiry_year=None
        )
    shown = client.post(f"{page}check/", follow=True).content.decode()
    assert f'href="/o/{organization.pk}/billing/addresses/{address.pk}/"' in shown
    [link] = re.findall(rf'href="(/o/{organization.pk}/billing/prepaid/\?amount=129[.]72)"', shown)
    assert 'value="129.72"' in client.get(link).content.decode()
    for nonsense in ("x", "-1", "99999999", "1e3"):
        answer = client.get(f"/o/{organization.pk}/billing/prepaid/", {"amount": nonsense})
        assert answer.status_code == 200
        assert f'value="{nonsense}"' not in answer.content.decode()
