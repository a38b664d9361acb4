"""The renewals as a table for spreadsheets (BIL-10, UI-2)."""

import csv
import io
from datetime import UTC, datetime

from django.urls import reverse

from billing.renewals import export
from tests.factories.billing import make_legal_entity
from tests.factories.cast import client_of, make_member, make_person, make_tenant
from tests.factories.products import make_many_products, make_plan, make_product
from tests.factories.renewals import make_card, make_renewing


def table_of(client, organization, **query):
    url = reverse("billing:renewals", args=[organization.pk])
    answer = client.get(url, {"format": "csv", **query})
    assert answer.status_code == 200
    assert 'filename="renewals.csv"' in answer["Content-Disposition"]
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


def test_gives_what_the_filter_finds_as_the_list_tells_it():
    """UI-2, INC-31: the same rows in the same order; a name cannot be a formula."""
    owner = make_person()
    organization = make_tenant(owner)
    make_legal_entity()
    card = make_card(organization)
    make_renewing(organization, name="auto.example")
    make_product(organization, name="=1+1", at=datetime(2026, 3, 1, tzinfo=UTC))
    rows = table_of(client_of(owner), organization)
    assert [row["Product"] for row in rows] == ["auto.example", "'=1+1"]
    assert (rows[0]["Expires"], rows[0]["Next charge"], rows[0]["Automatic renewal"]) == (
        "2027-01-15",
        "2027-01-01",
        "yes",
    )
    assert (rows[0]["Means"], rows[0]["Own means"]) == (str(card), "no")
    assert (rows[0]["Currency"], rows[0]["Price without VAT"]) == ("CHF", "120.00")
    assert (rows[1]["Next charge"], rows[1]["Automatic renewal"]) == ("", "no")
    found = table_of(client_of(owner), organization, show="automatic", q="auto")
    assert [row["Product"] for row in found] == ["auto.example"]


def test_is_whole_however_long_the_list_is(monkeypatch):
    """UI-2: more than one page, read a part at a time."""
    monkeypatch.setattr(export, "AT_ONCE", 20)
    owner = make_person()
    organization = make_tenant(owner)
    make_many_products(organization, 55, plan=make_plan(), begin=datetime.now(UTC).date())
    rows = table_of(client_of(owner), organization)
    assert len({row["Number"] for row in rows}) == 55
    assert [row["Expires"] for row in rows] == sorted(row["Expires"] for row in rows)


def test_is_for_those_who_see_billing():
    """ORG-6."""
    organization = make_tenant(make_person())
    client = client_of(make_member(organization, has_billing=False))
    url = reverse("billing:renewals", args=[organization.pk])
    assert client.get(url, {"format": "csv"}).status_code == 403
