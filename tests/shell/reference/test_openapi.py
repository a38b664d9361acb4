"""The API's own document and the page to try it (API-4)."""

import re

import pytest
from django.core.checks import run_checks
from django.urls import URLPattern, URLResolver, get_resolver

# What anybody may ask without a token.
FOR_EVERYBODY = {"/api/1/catalogue", "/api/1/domain-names"}


@pytest.fixture
def document(client):
    return client.get("/api/openapi.json").json()


def _api_paths(patterns, prefix=""):
    for pattern in patterns:
        path = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _api_paths(pattern.url_patterns, path)
        elif isinstance(pattern, URLPattern) and path.startswith("api/1/"):
            yield "/" + re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", path)


def test_describes_every_operation_once(document):
    """API-4: version 1 by its number; the paths without one are the same operations."""
    assert document["openapi"].startswith("3.1")
    assert set(document["paths"]) == set(_api_paths(get_resolver().url_patterns))
    ids = [row["operationId"] for methods in document["paths"].values() for row in methods.values()]
    assert len(ids) == len(set(ids))


def test_names_the_organization_the_token_and_the_refusals(document):
    """API-4."""
    for path, methods in document["paths"].items():
        for operation in methods.values():
            assert operation.get("security", []) == ([] if path in FOR_EVERYBODY else [{"token": []}])
            assert operation["summary"]
            statuses = {"400", "422", "429", "503"} | (
                set() if path in FOR_EVERYBODY else {"401", "403", "404", "409"}
            )
            for status in statuses:
                assert operation["responses"][status]["content"]["application/json"]["schema"] == {
                    "$ref": "#/components/schemas/Error"
                }
            if "{organization}" in path:
                (organization,) = [row for row in operation["parameters"] if row["name"] == "organization"]
                assert organization["description"]


def test_shows_the_envelope(document):
    """API-4: what is described is what is answered."""
    schema = document["paths"]["/api/1/organizations"]["get"]["responses"]["200"]["content"][
        "application/json"
    ]["schema"]
    assert schema["properties"]["result"]["const"] == "success"
    assert schema["properties"]["data"]["type"] == "array"


def test_answers_in_the_envelope_everywhere(document):
    """API-4: a removal as well; nothing is done without words, but files are files."""
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            done = {status: told for status, told in operation["responses"].items() if status < "300"}
            assert set(done) <= {"200", "201", "202"}, (path, method)
            for told in done.values():
                schema = told["content"].get("application/json", {"schema": {"anyOf": []}})["schema"]
                for one in schema.get("anyOf", [schema]):
                    assert {"result", "data"} <= set(one["required"]), (path, method)


def test_refers_to_nothing_that_is_missing(document):
    """A document that tools can read."""

    def references(node):
        if isinstance(node, dict):
            if isinstance(node.get("$ref"), str):
                yield tuple(node["$ref"].split("/")[-2:])
            for value in node.values():
                yield from references(value)
        elif isinstance(node, list):
            for value in node:
                yield from references(value)

    components = document["components"]
    told = {(kind, name) for kind in ("schemas", "examples") for name in components[kind]}
    assert set(references(document)) <= told


def test_leaves_no_warning():
    """`check --deploy` is clean: every parameter typed, no two components of one name."""
    found = [
        message for message in run_checks(include_deployment_checks=True) if "spectacular" in str(message.id)
    ]
    assert found == []


def test_page_needs_nothing_from_elsewhere(client):
    """API-4: offline, and without inline scripts."""
    text = client.get("/api/docs/").content.decode()
    assert "//" not in text.replace("<!doctype html>", "").replace("http://www.w3.org", "")
    assert "data-openapi" in text
    assert client.post("/api/docs/").status_code == 405
