"""The back office's list of invoices whose countries differ (BIL-6)."""

from datetime import timedelta

import pytest
from django.db import connections
from django.urls import reverse

from billing.backoffice.selectors import list_differing
from billing.invoices.services import finalize_invoice
from billing.tax.rights import MANAGE_VAT
from manager.kit.scope import tenant_scope
from organizations.profile.models import Organization
from tests.factories.billing import ACTOR, AT, make_invoice
from tests.factories.cast import client_of, make_person, make_tenant
from tests.factories.identity import make_staff, staff_client

LIST, TABLE = "billing:staff_vat_countries", "billing:staff_vat_countries_csv"


@pytest.fixture
def staff():
    return staff_client(make_staff(MANAGE_VAT))


def issue(organization, *, sits="AT", at=AT):
    """Return an invoice to an address in Germany, issued when the organization sits in `sits`."""
    with tenant_scope(organization.pk):
        rows = Organization.objects.filter(pk=organization.pk)
        rows.update(country="DE")
        organization.refresh_from_db()
        invoice = make_invoice(organization)
        rows.update(country=sits)
        return finalize_invoice(invoice=invoice, actor=ACTOR, at=at)


def shown(staff, **query):
    """Return the ids on the list's page, in its order."""
    return [row.pk for row in staff.get(reverse(LIST), query).context["page"].rows]


def test_what_differs_is_listed_newest_first_and_as_a_file(staff):
    """BIL-6: by days of issue and by who sold; what agrees is not there; nonsense leaves nothing out."""
    assert "No countries differ" in staff.get(reverse(LIST)).content.decode()
    organization, other = make_tenant(), make_tenant(name="Other SARL")
    old, new = issue(organization), issue(other, sits="FR", at=AT + timedelta(days=3))
    alone = issue(organization, sits="DE")
    text = staff.get(reverse(LIST)).content.decode()
    assert "Billing address: Germany · Organization: France" in text
    seller, later = str(old.legal_entity_id), str(new.issued_on)
    assert {
        "all": shown(staff),
        "since": shown(staff, since=later),
        "until": shown(staff, until=str(old.issued_on), entity=seller),
        "nonsense": shown(staff, since="x", entity="0"),
        "long ago": shown(staff, until="2001-01-01"),
        "unproved": shown(staff, doubt="unproved"),
    } == {
        "all": [new.pk, old.pk],
        "since": [new.pk],
        "until": [old.pk],
        "nonsense": [new.pk, old.pk],
        "long ago": [],
        "unproved": [alone.pk, new.pk, old.pk],
    }
    assert "No invoice matches" in staff.get(reverse(LIST), {"until": "2001-01-01"}).content.decode()
    rows = staff.get(reverse(TABLE), {"since": later}).content.decode().splitlines()
    assert len(rows) == 2
    assert rows[1].startswith(f"{new.number},{later},Other SARL,Manager Hosting SA,DE,FR,,,,CHF,")


def test_its_queries_do_not_grow_and_take_the_index(staff, query_count):
    """BIL-6: the index holds only what differs, however many invoices there are."""
    organization = make_tenant()
    issue(organization)
    shown(staff)
    with query_count() as few:
        shown(staff)
    for _turn in range(4):
        issue(make_tenant())
    with query_count() as many:
        assert len(shown(staff)) == 5
    assert many.count == few.count
    with connections["system"].cursor() as cursor:
        cursor.execute("SET enable_seqscan = off")
        try:
            plans = [list_differing(doubt=doubt).order_by("-pk").explain() for doubt in ("", "unproved")]
        finally:
            cursor.execute("RESET enable_seqscan")
    assert "invoice_countries_differ" in plans[0]
    assert "invoice_countries_unproved" in plans[1]


def test_nobody_else_comes_in():
    """INC-2: customers find no such page; staff are told which right they lack."""
    for name in (LIST, TABLE):
        assert client_of(make_person()).get(reverse(name)).status_code == 404
        assert staff_client(make_staff()).get(reverse(name)).status_code == 403
