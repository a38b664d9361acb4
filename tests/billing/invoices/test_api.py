"""Invoices and billing addresses over REST (API-1, API-2)."""

from collections.abc import Iterator
from typing import Any

import pytest

from accounts.users.models import User
from billing.invoices.models import Invoice, InvoiceLine
from billing.invoices.services import finalize_invoice
from billing.invoices.services.credit import CreditedLine, credit_to_prepaid
from manager.kit.scope import current_scope, tenant_scope
from organizations.profile.models import Organization
from tests.factories.amounts import chf
from tests.factories.bank import bring, make_bank, reference_to
from tests.factories.bank import line as line_of_bank
from tests.factories.billing import (
    ACTOR,
    AT,
    make_address,
    make_invoice,
    make_legal_entity,
    make_line,
    pay_invoice,
)
from tests.factories.cast import make_member, make_person, make_tenant
from tests.factories.tokens import token_client


class Caller:
    """A REST client with a token of one person."""

    def __init__(self, user: User, organization: Organization, *scopes: str) -> None:
        self.client = token_client(user, *(scopes or ("billing:read", "billing:write")))
        self.base = f"/api/1/organizations/{organization.pk}/"

    def ask(self, path: str, method: str = "get", **values: Any) -> Any:
        if method == "post":
            return self.client.post(self.base + path, values, content_type="application/json")
        return self.client.get(self.base + path, values)


@pytest.fixture
def owner() -> User:
    return make_person()


@pytest.fixture
def organization(owner: User) -> Iterator[Organization]:
    make_legal_entity()
    organization = make_tenant(owner)
    with tenant_scope(organization.pk):
        yield organization


@pytest.fixture
def caller(owner: User, organization: Organization) -> Caller:
    return Caller(owner, organization)


def test_lists_newest_first_by_cursor(caller: Caller, organization: Organization) -> None:
    """API-1."""
    made = [make_invoice(organization).pk for _ in range(3)]
    first = caller.ask("invoices", per_page=2).json()
    second = caller.ask("invoices", per_page=2, after=first["next"]).json()
    assert [row["id"] for row in first["data"] + second["data"]] == made[::-1]
    assert second["next"] is None
    assert "lines" not in first["data"][0]
    told = caller.ask("invoices", **{"with": "lines"}).json()["data"]
    assert all(row["lines"][0]["position"] == 1 for row in told)
    assert caller.ask("invoices", **{"with": "buyer"}).status_code == 422


def test_filters_by_status(caller: Caller, organization: Organization) -> None:
    """API-1."""
    paid = pay_invoice(make_invoice(organization))
    make_invoice(organization)
    assert [row["number"] for row in caller.ask("invoices", **{"filter[status]": "paid"}).json()["data"]] == [
        paid.number
    ]


@pytest.mark.parametrize(
    "query",
    [
        {"filter[status]": "x"},
        {"filter[year]": "x"},
        {"filter[year]": 1},
        {"per_page": 0},
        {"per_page": 101},
        {"search": "x" * 101},
    ],
)
def test_says_which_filter_is_wrong(caller: Caller, query: dict[str, Any]) -> None:
    """API-4."""
    answer = caller.ask("invoices", **query)
    assert answer.status_code == 422
    assert set(answer.json()["error"]["context"]["fields"]) == set(query)


def test_shows_one_with_its_lines(caller: Caller, organization: Organization) -> None:
    """API-1: amounts in minor units, with their currency."""
    invoice = pay_invoice(make_invoice(organization, [make_line(10_000, description="Hosting")]))
    shown = caller.ask(f"invoices/{invoice.pk}").json()["data"]
    assert (shown["number"], shown["status"], shown["total_amount"]) == (invoice.number, "paid", chf(10_810))
    assert shown["lines"][0]["description"] == "Hosting"
    assert shown["lines"][0]["tax_rate"] == 810
    make_invoice(organization)
    for row in caller.ask("invoices").json()["data"]:
        detail = caller.ask(f"invoices/{row['id']}").json()["data"]
        assert row == {name: detail[name] for name in row}


def test_gives_the_pdf(caller: Caller, organization: Organization) -> None:
    """BIL-4."""
    invoice = pay_invoice(make_invoice(organization))
    answer = caller.ask(f"invoices/{invoice.pk}/pdf")
    assert (answer["Content-Type"], answer.content[:4]) == ("application/pdf", b"%PDF")


def test_cancels_and_voids(caller: Caller, organization: Organization) -> None:
    """API-1: what the pages do."""
    draft = make_invoice(organization)
    assert caller.ask(f"invoices/{draft.pk}/cancel", "post").json()["data"]["status"] == "cancelled"
    assert caller.ask(f"invoices/{draft.pk}/cancel", "post").status_code == 409
    issued = finalize_invoice(invoice=make_invoice(organization), actor=ACTOR, at=AT)
    assert caller.ask(f"invoices/{issued.pk}/void", "post").status_code == 422
    voided = caller.ask(f"invoices/{issued.pk}/void", "post", reason="Mistake").json()["data"]
    assert (voided["status"], voided["number"]) == ("void", issued.number)


def test_lists_billing_addresses(caller: Caller, organization: Organization) -> None:
    """BIL-8."""
    address = make_address(organization)
    assert [row["id"] for row in caller.ask("billing-addresses").json()["data"]] == [address.pk]
    assert caller.ask(f"billing-addresses/{address.pk}").json()["data"]["city"] == "Zürich"


def test_shows_nothing_of_another_organization(caller: Caller, organization: Organization) -> None:
    """ORG-17, INC-1."""
    other = make_tenant()
    invoice, address = make_invoice(other), make_address(other)
    for path in (f"invoices/{invoice.pk}", f"invoices/{invoice.pk}/pdf", f"billing-addresses/{address.pk}"):
        assert caller.ask(path).status_code == 404
    assert caller.ask(f"invoices/{invoice.pk}/cancel", "post").status_code == 404


def test_asks_for_the_scope_and_the_right(owner: User, organization: Organization) -> None:
    """API-2: a token without the scope, a person without the right."""
    invoice = make_invoice(organization)
    reader = Caller(owner, organization, "billing:read")
    assert reader.ask("invoices").status_code == 200
    assert reader.ask(f"invoices/{invoice.pk}/cancel", "post").status_code == 403
    assert Caller(make_member(organization), organization).ask("invoices").status_code == 403


@pytest.mark.parametrize("path", ["invoices", "invoices/1", "invoices?filter[status]=x"])
def test_leaves_no_scope_to_the_next_request(caller: Caller, path: str) -> None:
    """ORG-17: whatever the answer is, the scope of a request ends with it."""
    before = current_scope()
    caller.ask(path)
    assert current_scope() == before


def test_credit_notes_are_listed_shown_and_given_as_pdf(owner: User) -> None:
    """BIL-5, BIL-14: beside the invoice that names them."""
    organization = make_tenant(owner)
    invoice = make_invoice(organization)
    with tenant_scope(organization.pk):
        pay_invoice(invoice)
        paid = Invoice.objects.select_related("organization", "legal_entity").get(pk=invoice.pk)
        line = InvoiceLine.objects.get(invoice=paid)
        note = credit_to_prepaid(
            invoice=paid,
            lines=[CreditedLine.of(line, "CHF")],
            reference="test:1",
            kind="refund",
            reason="Goodwill",
            actor=ACTOR,
            at=AT,
        )
    ask = Caller(owner, organization, "billing:read").ask
    (row,) = ask("credit-notes", search="goodw").json()["data"]
    assert (row["number"], row["invoice_id"], row["total_amount"]) == (
        note.number,
        paid.pk,
        chf(paid.total_amount),
    )
    assert ask("credit-notes", search="nothing").json()["data"] == []
    detail = ask(f"credit-notes/{note.pk}").json()["data"]
    assert detail["lines"] == [
        {
            "description": line.description,
            "tax_code": "domestic",
            "tax_rate": line.tax_rate,
            "net_amount": chf(line.net_amount),
            "tax_amount": chf(line.tax_amount),
        }
    ]
    assert ask(f"credit-notes/{note.pk}/pdf").content.startswith(b"%PDF")
    assert ask(f"invoices/{paid.pk}").json()["data"]["credit_note_ids"] == [note.pk]


def test_an_invoice_tells_the_transfers_that_paid_it(owner: User) -> None:
    """BIL-17: a part, and what came on top."""
    bank = make_bank()
    organization = make_tenant(owner)
    invoice = make_invoice(organization)
    bring(
        line_of_bank(
            20_000, reference_to("invoice", invoice.pk, entity=bank), name="Anna", bank_reference="1"
        )
    )
    (transfer,) = Caller(owner, organization).ask(f"invoices/{invoice.pk}").json()["data"]["transfers"]
    assert (transfer["payer"], transfer["amount"]) == ("Anna", chf(20_000))
    assert (transfer["to_invoice"], transfer["to_balance"]) == (chf(10_810), chf(20_000 - 10_810))
