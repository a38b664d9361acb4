"""Walks over all routes and tasks: limits, ids as arguments (INC-12, INC-32)."""

import ast
import inspect
from pathlib import Path

from celery import current_app
from django.urls import resolve

from tests.isolation.expectations import PUBLIC
from tests.isolation.matrix import walk_routes

ROOT = Path(__file__).parents[3]
FLOORS = [ROOT / name for name in ("accounts", "organizations", "products", "billing", "manager")]

# Public routes that take a POST without the limit of pages, and why none is needed or which one there is.
OTHERWISE = {
    "accounts:sign_out": "takes no secret but the session's own cookie",
    "shell:language": "takes a choice of a language",
    "shell:theme": "takes a choice of a theme",
    "organizations:register": "counts valid forms for each address itself",
    "billing:webhook": "takes what the provider has signed, as often as it is sent",
    "products:provisioning_callback": "takes what a machine has signed, as often as it is sent",
    "styleguide:dialog": "exists in development alone, and takes nothing",
}


def test_every_public_route_that_takes_a_form_has_a_limit():
    """INC-12: asked of the route itself, so that a new one without a limit cannot come in."""
    without = set()
    for route in walk_routes():
        if "POST" not in PUBLIC.get(route.name, ()):
            continue
        view = resolve(route.address(dict.fromkeys(route.parameters, 1))).func
        if not getattr(view, "rate_limit", None):
            without.add(route.name)
    assert without == OTHERWISE.keys()


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


def test_a_message_outlives_its_worker_and_waits_for_nothing():
    """INC-32: given back where a worker dies, one at a time, soon; none is put off."""
    settings = current_app.conf
    assert (settings.task_acks_late, settings.task_reject_on_worker_lost) == (True, True)
    assert settings.worker_prefetch_multiplier == 1
    assert settings.accept_content == ["json"]
    assert settings.task_ignore_result
    [tick] = settings.beat_schedule.values()
    assert tick["options"]["expires"] <= tick["schedule"] <= 60
    for floor in FLOORS:
        for path in floor.rglob("*.py"):
            put_off = [
                keyword.arg
                for call in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
                if isinstance(call, ast.Call)
                and isinstance(call.func, ast.Attribute)
                and call.func.attr in {"apply_async", "send_task", "signature"}
                for keyword in call.keywords
                if keyword.arg in {"eta", "countdown"}
            ]
            assert not put_off, path
