"""Walks over all routes and tasks: limits, caches, ids as arguments (INC-12, INC-32, INC-33)."""

import inspect
import typing
from typing import Any

from celery import current_app
from django.urls import URLPattern, get_resolver

from tests.factories.people import browser, register, signed_in
from tests.isolation.expectations import PERSONAL
from tests.isolation.matrix import walk_routes

# Public routes that take a POST without the limit of pages, and why none is needed or which one there is.
OTHERWISE = {
    "sign-out/": "takes no secret but the session's own cookie",
    "preferences/language/": "takes a choice of a language",
    "preferences/theme/": "takes a choice of a theme",
    "register/": "counts valid forms for each address itself",
}
# The last two exist in the demonstration alone, and take no secret.
LIMITED_BY_THEMSELVES = ("oauth/", "webhooks/", "api/", "inbox/", "styleguide/")


def public_views(patterns: Any, before: str = "") -> typing.Iterator[tuple[str, Any]]:
    for pattern in patterns:
        route = before + str(pattern.pattern)
        if not isinstance(pattern, URLPattern):
            yield from public_views(pattern.url_patterns, route)
        elif getattr(pattern.callback, "is_public", False):
            yield route, pattern.callback


def test_every_public_route_that_takes_a_form_has_a_limit():
    """INC-12: asked of the route itself, so that a new one without a limit cannot come in."""
    missing, seen = [], 0
    for route, view in public_views(get_resolver().url_patterns):
        if getattr(view, "rate_limit", None) or route in OTHERWISE or route.startswith(LIMITED_BY_THEMSELVES):
            seen += 1
            continue
        path = "/" + route.replace("<str:token>", "made-up").replace("<str:key>", "made-up")
        if "<" in path:
            missing.append(route)
            continue
        client = browser()
        client.raise_request_exception = False
        if client.post(path).status_code not in {404, 405}:
            missing.append(route)
    assert not missing, " ".join(missing)
    assert seen > 30


def test_answers_to_who_is_signed_in_are_in_no_cache():
    """INC-33: pages, redirects, refusals and fragments; private, not stored, different by cookie and htmx."""
    client, count = signed_in(register()), 0
    for route in walk_routes():
        if route.name not in PERSONAL or "GET" not in PERSONAL[route.name]:
            continue
        path = route.address(dict.fromkeys(route.parameters, "1"))
        for headers in ({}, {"hx-request": "true"}):
            answer = client.get(path, headers=headers)
            if answer.get("Content-Type", "").startswith("text/html"):
                assert answer["Cache-Control"] == "no-store, private", path
                vary = {part.strip() for part in answer["Vary"].split(",")}
                assert {"Cookie", "HX-Request"} <= vary, path
                count += 1
    assert count > 30


def test_tasks_take_ids_and_instants_alone():
    """INC-32: what lies in the broker is worth nothing to who reads it."""
    allowed = {"id", "ids", "at", "name", "event", "shard", "limit"}
    ours = [task for name, task in current_app.tasks.items() if not name.startswith("celery.")]
    assert ours
    for task in ours:
        for name in inspect.signature(task.run).parameters:
            assert name in allowed or name.endswith(("_id", "_ids", "_at")), f"{task.name}: {name}"
        assert task.serializer in {None, "json"}, task.name
        assert task.ignore_result, task.name
