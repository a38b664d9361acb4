"""Each operation of the document shows what is sent, answered and refused (API-4)."""

import json
from typing import Any

import pytest
from django.test import Client
from jsonschema_rs import Draft202012Validator

from manager.shell.reference.codes import collect_codes
from manager.shell.reference.example_values import REFUSALS

JSON = "application/json"


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    return dict(Client().get("/api/openapi.json").json())


def media_of(document: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Return all bodies and answers in JSON, by what they are of."""
    found = {}
    for operations in document["paths"].values():
        for operation in operations.values():
            name = operation["operationId"]
            content = operation.get("requestBody", {}).get("content", {})
            told = {
                "body": content,
                **{code: a.get("content", {}) for code, a in operation["responses"].items()},
            }
            found.update({f"{name} {part}": each[JSON] for part, each in told.items() if JSON in each})
    return found


def wrong_with(document: dict[str, Any], media: dict[str, Any]) -> list[str]:
    """Return what is wrong with an example: there is none, or it is not of its schema."""
    shown = [media["example"]] if "example" in media else []
    shared = document["components"]["examples"]
    shown += [shared[one["$ref"].rpartition("/")[2]]["value"] for one in media.get("examples", {}).values()]
    if not shown:
        return ["no example"]
    schema = {**media["schema"], "components": document["components"]}
    validator = Draft202012Validator(schema, validate_formats=True)
    return [error.message[:200] for example in shown for error in validator.iter_errors(example)]


def test_every_body_answer_and_refusal_has_an_example_of_its_schema(document: dict[str, Any]) -> None:
    """API-4: of whatever operations there are."""
    media = media_of(document)
    different = {json.dumps(one): one for one in media.values()}  # refusals are all alike
    wrong = {told: wrong_with(document, one) for told, one in different.items()}
    found = {name: wrong[json.dumps(one)] for name, one in media.items()}
    assert {name: wrong for name, wrong in found.items() if wrong} == {}
    assert len(media) > 1000


def test_the_story_of_the_examples(document: dict[str, Any]) -> None:
    """API-4: a reader sees what they would get, and no fillers."""
    media = media_of(document)
    (invoice,) = media["organizations_invoices_list 200"]["example"]["data"]
    assert invoice["total_amount"] == {"amount": 1290, "currency": "CHF"}
    (product,) = media["organizations_products_list 200"]["example"]["data"]
    assert (product["name"], product["status"], product["expires_on"]) == (
        "example.ch",
        "active",
        "2027-11-23",
    )
    paid_with = media["organizations_invoices_pay_create body"]["example"]
    assert paid_with == {"method": 1042, "keep": False, "use_balance": False}
    assert "kind" not in media["organizations_prepaid_top_ups_create body"]["example"]
    assert media["organizations_payment_methods_create 201"]["example"]["data"]["method"] is None
    assert media["organizations_invoices_list 404"]["examples"]["refusal"]["$ref"].endswith("Refusal404")


def test_refusals_have_codes_that_there_are() -> None:
    """API-4: with the status that they come with."""
    codes = collect_codes()
    assert {
        status: code for status, (code, *_rest) in REFUSALS.items() if int(status) not in codes.get(code, ())
    } == {}
