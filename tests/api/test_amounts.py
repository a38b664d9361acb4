"""Amounts are told in one form, with their currency, in the document and in answers (API-1)."""

from typing import Any

import pytest
from django.test import Client

from tests.api.amounts import MONEY, bare_in_answer, bare_in_document


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    """Return the document."""
    found: dict[str, Any] = Client().get("/api/openapi.json").json()
    return found


def test_every_amount_of_the_document_is_money(document: dict[str, Any]) -> None:
    """API-1: answers of real objects are held against the same rule by the test of the lists."""
    assert bare_in_document(document) == []
    schemas = document["components"]["schemas"]
    assert schemas["InvoiceOutput"]["properties"]["total_amount"] == MONEY
    assert schemas["OrderInputRequest"]["properties"]["confirmed_total"]["oneOf"][0] == MONEY
    with_currency = {name for name, one in schemas.items() if "currency" in one.get("properties", {})}
    assert with_currency == {"Money", "OrganizationOutput", "OrganizationDetailOutput"}


@pytest.mark.parametrize(
    "planted",
    [
        {"type": "integer"},
        {"type": ["integer", "null"]},
        {"oneOf": [{"type": "number"}, {"type": "null"}]},
        {"type": "array", "items": {"type": "integer"}},
        {"type": "object", "properties": {"fee": {"type": "integer"}}},
        {"type": "object", "additionalProperties": {"type": "integer"}},
    ],
    ids=["whole", "nullable", "choice", "list", "nested", "mapping"],
)
def test_a_bare_amount_is_found(planted: dict[str, Any], document: dict[str, Any]) -> None:
    """It can fail: in a component and in the answer of an operation."""
    media = {"content": {"application/json": {"schema": {"properties": {"fee": planted}}}}}
    with_planted = {
        "components": {"schemas": {"Planted": {"type": "object", "properties": {"fee": planted}}}},
        "paths": {"/api/1/planted": {"get": {"responses": {"200": media}}}},
    }
    assert bare_in_document(with_planted) == ["Planted.fee", "get /api/1/planted.fee"]


def test_a_bare_amount_of_an_answer_is_found() -> None:
    """It can fail: also where an amount has another form."""
    amount = {"amount": 100, "currency": "CHF"}
    rows = [{"id": 1, "fee": amount, "options": {"privacy": 1}, "lines": [{"unit_amount": amount}]}]
    assert bare_in_answer(rows, "planted") == []
    rows[0]["lines"] = [{"unit_amount": 100}, {"unit_amount": {**amount, "amount": "1.00"}}]
    assert bare_in_answer(rows, "planted") == [
        "planted.unit_amount",
        "planted.unit_amount: {'amount': '1.00', 'currency': 'CHF'}",
    ]
