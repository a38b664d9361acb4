"""The movements of the prepaid account: filter, balance, table and statement (BIL-7)."""

import io
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from billing.ledger.models import AccountKind
from billing.ledger.services import post_journal
from billing.prepaid.selectors import Wanted, list_prepaid_movements
from billing.prepaid.statement import PeriodInvalid, render_statement
from billing.transfer.models import SellerAccount
from manager.kit.scope import tenant_scope
from tests.factories.amounts import chf
from tests.factories.billing import make_invoice, make_legal_entity, make_line
from tests.factories.cast import client_of, make_person, make_tenant
from tests.isolation.world import make_token

FIRST = datetime(2026, 3, 1, 11, tzinfo=UTC)


@pytest.fixture
def owner():
    return make_person()


@pytest.fixture
def organization(owner):
    make_legal_entity()
    organization = make_tenant(owner)
    invoice = make_invoice(organization, [make_line(10_000)])
    with tenant_scope(organization.pk):
        for number in range(30):
            move(organization, number, "top_up", 1000)
        move(organization, 30, "invoice_paid", -2500, invoice_id=invoice.pk)
        move(organization, 31, "withdrawal", -500)
    return organization


def move(organization, number, kind, amount, **more):
    """Post a movement, one on each day from the first of March on."""
    post_journal(
        organization=organization,
        reference=f"test:{number}",
        kind=kind,
        currency="CHF",
        entries=[(AccountKind.PREPAID, amount), (AccountKind.BANK, -amount)],
        at=FIRST + timedelta(days=number),
        **more,
    )


def test_each_movement_has_the_balance_after_it_on_every_page(organization, query_count):
    """BIL-7: also where a filter leaves others out; the number of queries stays the same."""
    with tenant_scope(organization.pk):
        page = list_prepaid_movements(organization=organization)
        rest = list_prepaid_movements(organization=organization, after=page.next_cursor)
        rows = [*page.movements, *rest.movements]
        assert [row.balance.amount for row in rows[:3]] == [27_000, 27_500, 30_000]
        assert [row.balance.amount for row in rows[3:]] == [1000 * left for left in range(29, 0, -1)]
        assert rows[1].invoice_number.startswith("#")
        wanted = Wanted(kind="top_up", first=date(2026, 3, 10), last=date(2026, 3, 12))
        with query_count() as seen:
            found = list_prepaid_movements(organization=organization, wanted=wanted)
        assert [row.balance.amount for row in found.movements] == [12_000, 11_000, 10_000]
        assert seen.count == 1


def test_of_what_a_filter_leaves_out_nothing_is_read(organization):
    """BIL-7: two movements far from each other cost two rows, not all of those between them."""
    with tenant_scope(organization.pk):
        move(organization, 32, "withdrawal", -700)
        for number in range(33, 43):
            move(organization, number, "top_up", 100)
        move(organization, 43, "withdrawal", -900)
        fetched = []

        def watch(execute, sql, params, many, context):
            result = execute(sql, params, many, context)
            fetched.append(context["cursor"].rowcount)
            return result

        with connection.execute_wrapper(watch):
            found = list_prepaid_movements(organization=organization, wanted=Wanted(kind="withdrawal"))
    assert [row.balance.amount for row in found.movements] == [26_400, 26_300, 27_000]
    assert max(fetched) == 3


def test_the_page_filters_and_gives_a_table(organization, owner):
    """BIL-7, INC-31: what the page shows is what the table holds, oldest first."""
    SellerAccount.objects.using("owner").create(
        legal_entity=make_legal_entity(), currency="CHF", iban="CH5604835012345678009", bank_name="Bank"
    )
    page = client_of(owner)
    url = reverse("billing:prepaid", args=[organization.pk])
    shown = page.get(url, {"kind": "withdrawal"}).content.decode()
    assert "CH56 0483 5012 3456 7800 9" in shown, "the account for transfers"
    assert shown.count("<tbody") == 1
    assert "270.00" in shown
    assert "300.00" not in shown
    assert "No movement matches" in page.get(url, {"kind": "refund"}).content.decode()
    strange = {"kind": "\x00", "first": "0001-01-01", "last": "9999-12-31"}
    assert page.get(url, strange).status_code == 200
    table = page.get(reverse("billing:prepaid_csv", args=[organization.pk]), {"first": "2026-03-31"})
    lines = table.content.decode("utf-8-sig").splitlines()
    assert lines[0] == "Date,What,Document,In,Out,Balance,Currency"
    assert [line.split(",")[3:] for line in lines[1:]] == [
        ["", "25.00", "275.00", "CHF"],
        ["", "5.00", "270.00", "CHF"],
    ]


@pytest.mark.parametrize(
    ("language", "heading"),
    [
        ("en", "Statement"),
        ("fr", ""),
        ("de", ""),
        ("it", ""),
        ("es", ""),
    ],
    ids=["en", "fr", "de", "it", "es"],
)
def test_the_statement_opens_and_closes_with_the_balance(organization, language, heading):
    """BIL-7: as PDF in five languages."""
    organization.language = language
    with tenant_scope(organization.pk):
        first, last = date(2026, 3, 29), date(2026, 4, 1)
        made = render_statement(organization=organization, first=first, last=last, at=FIRST)
    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(made)).pages)
    plain = text.replace(",", ".").replace("\xa0", " ")
    for sum_of_it in ("280.00", "290.00", "300.00", "275.00", "270.00"):
        assert sum_of_it in plain
    assert heading in text


def test_page_table_statement_and_api_tell_the_same_balances(organization, owner):
    """BIL-7: by cursor, by number and from either end, also where some are left out."""
    days = {"first": "2026-03-30", "last": "2026-04-01"}
    balances = ["300.00", "275.00", "270.00"]
    account = reverse("billing:prepaid", args=[organization.pk])
    browser = client_of(owner)
    shown = browser.get(account, days).content.decode()
    table = browser.get(reverse("billing:prepaid_csv", args=[organization.pk]), days).content.decode()
    made = browser.get(reverse("billing:prepaid_statement", args=[organization.pk]), days).content
    paper = "".join(page.extract_text() for page in PdfReader(io.BytesIO(made)).pages).replace("\xa0", " ")
    for balance in balances:
        assert balance in shown
        assert balance in paper
    assert [line.split(",")[5] for line in table.splitlines()[1:]] == balances
    token = make_token(owner, scopes=("billing:read",), bound=organization.pk)[1]

    def told(**query):
        url = f"/api/1/organizations/{organization.pk}/prepaid/movements"
        answer = Client().get(url, query, headers={"Authorization": f"Bearer {token}"}).json()
        assert [row["amount"]["currency"] for row in answer["data"]] == ["CHF"] * len(answer["data"])
        return [row["balance"]["amount"] for row in answer["data"]], answer

    expected = [27_000, 27_500, *(1000 * left for left in range(30, 0, -1))]
    first, page = told()
    assert first + told(after=page["next"])[0] == expected
    assert told(before=told(after=page["next"])[1]["previous"])[0] == expected[:25]
    assert told(page=1)[0] + told(page=2)[0] == expected
    assert told(order="asc")[0] == expected[:6:-1]
    assert told(**{f"filter[{name}]": day for name, day in days.items()})[0] == expected[:3]
    assert told(per_page=10, page=3, **{"filter[kind]": "top_up"})[0] == expected[22:]


def test_refuses_a_period_that_is_none(organization):
    """BIL-7: the page says so, and the verb as well."""
    with tenant_scope(organization.pk), pytest.raises(PeriodInvalid):
        render_statement(organization=organization, first=date(2026, 4, 1), last=date(2026, 3, 1), at=FIRST)


def test_the_api_filters_and_gives_the_statement(organization, owner):
    """API-1."""
    token = make_token(owner, scopes=("billing:read",), bound=organization.pk)[1]
    headers = {"Authorization": f"Bearer {token}"}
    base = f"/api/1/organizations/{organization.pk}/prepaid"
    assert Client().get(base, headers=headers).json()["data"] == {"balance": chf(27_000)}
    (row,) = Client().get(f"{base}/movements", {"filter[kind]": "withdrawal"}, headers=headers).json()["data"]
    assert (row["kind"], row["amount"], row["balance"]) == ("withdrawal", chf(-500), chf(27_000))
    period = {"first": "2026-03-01", "last": "2026-03-31"}
    answer = Client().get(f"{base}/statement", period, headers=headers)
    assert (answer.status_code, answer.content[:5]) == (200, b"%PDF-")
    wrong = {"first": "0001-01-01", "last": "2026-03-31"}
    assert Client().get(f"{base}/statement", wrong, headers=headers).status_code == 422
