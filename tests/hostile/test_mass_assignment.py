"""Every field name of every model, sent to every form and operation: none is taken that is not asked for."""

import json
import re
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import pytest
from django.apps import apps
from django.db import models

from tests.architecture.test_tenancy import OWN_APPS
from tests.hostile.forms import NOT_FORMS, RIGHT
from tests.hostile.keys import STEPS
from tests.hostile.operations import FIELDS
from tests.hostile.payloads import FORM, JSON
from tests.hostile.sender import TABLES, Sender
from tests.hostile.test_forms import POSTING
from tests.hostile.test_operations import WRITING, fill
from tests.isolation.expectations import PUBLIC
from tests.isolation.matrix import Route

# Found in no row unless a request brought it there.
TEXT, NUMBER, DAY = "zzmass", 77_777_771, "2091-07-07"
SENTINELS = (TEXT, str(NUMBER), DAY)
# Names of which a right value is known that must not be taken either.
WANTED: dict[str, Any] = {"role": "legal_representative", "status": "paid", "level": "manage"}
# What any request may write: the last sight of a session or token.
NOISE = frozenset({"last_seen_at", "last_used_at", "updated_at"})
QUIET = frozenset({"accounts_session", "accounts_apitoken"})

# What the second of two right requests does more than the first, without any further field.
AGAIN: frozenset[tuple[str, str]] = frozenset(
    {
        ("organizations_invitation", "expires_at"),  # the same address invited again: the link is new
        ("organizations_invitation", "token_hash"),
        ("products_expiryfeed", "created_at"),  # an address asked for again is a new one
        ("products_expiryfeed", "digest"),
        ("billing_numbersequence", "next_value"),  # the first document makes the row
        ("billing_rehearsedorganization", "rehearsed_at"),  # looked at for the first time, and again
    }
)

# The first request is sent back to an earlier step of the check, so there is nothing to compare with.
SENT_BACK = ("accounts:identity_document", "accounts:identity_send")

Rows = dict[tuple[str, str], dict[str, Any]]


@dataclass
class Changes:
    """What a request changed: (table, column) that it wrote over, and the rows that it added."""

    columns: set[tuple[str, str]] = field(default_factory=set)
    added: set[tuple[str, str, bool]] = field(default_factory=set)
    text: str = ""


def model_fields() -> dict[str, Any]:
    """Return every name that a field of the project's models has, with a value that must not arrive."""
    found: dict[str, Any] = {}
    for model in apps.get_models():
        if model._meta.app_label not in OWN_APPS:
            continue
        for one in model._meta.concrete_fields:
            for name in {one.name, one.attname}:
                found[name] = WANTED.get(name, _value_for(one))
    return found


def _value_for(one: models.Field) -> Any:
    if isinstance(one, models.BooleanField):
        return True
    if isinstance(one, models.DateField):
        return DAY
    if isinstance(one, models.IntegerField | models.ForeignKey | models.OneToOneField):
        return NUMBER
    return TEXT


def rows_of(sender: Sender) -> Rows:
    """Return every row of every table, by table and id."""
    tables = [name for (name,) in sender.database.execute(TABLES).fetchall() if name not in QUIET]
    query = " UNION ALL ".join(f"SELECT '{name}', to_jsonb(t) FROM \"{name}\" t" for name in tables)
    found = sender.database.execute(query.encode()).fetchall()
    return {(table, str(row.get("id", json.dumps(row, sort_keys=True)))): row for table, row in found}


def changes_between(before: Rows, after: Rows) -> Changes:
    """Return what is different afterwards."""
    changes = Changes()
    for (table, key), row in after.items():
        old = before.get((table, key))
        if old is None:
            flags = {(table, name, value) for name, value in row.items() if isinstance(value, bool)}
            changes.added |= flags | {(table, "", True)}
            changes.text += json.dumps(row)
            continue
        for name in row.keys() - NOISE:
            if row[name] != old.get(name):
                changes.columns.add((table, name))
                changes.text += json.dumps(row[name])
    return changes


class Assigner:
    """Sends a request as it is meant and then with all names, each to a fresh object."""

    def __init__(self, sender: Sender) -> None:
        self.sender, self.accepted = sender, 0
        self.names = model_fields()
        world = sender.world
        self.names.update(dict.fromkeys(("organization", "organization_id"), world.foreign.pk))
        self.names.update(dict.fromkeys(("user", "user_id"), world.people["stranger"].pk))

    def play(self, case: str, meant: Any, with_all: Any) -> None:
        """Judge the second request by the first: it may not change more, nor anything of others."""
        before = rows_of(self.sender)
        first = meant()
        between = rows_of(self.sender)
        second = with_all()
        after = rows_of(self.sender)
        self.accepted += second.status_code < 400
        usual, unusual = changes_between(before, between), changes_between(between, after)
        if first.status_code < 400 and not case.startswith(SENT_BACK):
            more = sorted(unusual.columns - usual.columns - AGAIN) + sorted(unusual.added - usual.added)
            ok = not more or second.status_code >= 400
            self.sender.report.judge(ok, f"{case}: {second.status_code} also changed {more}")
        came = [one for one in SENTINELS if one in unusual.text]
        self.sender.report.judge(not came, f"{case}: {second.status_code} took {came}")
        theirs = [
            table
            for (table, key), row in after.items()
            if row.get("organization_id") == self.sender.world.foreign.pk and between.get((table, key)) != row
        ]
        self.sender.report.judge(not theirs, f"{case}: {second.status_code} wrote to the other's {theirs}")
        self.sender.report.judge(second.status_code < 500, f"{case}: {second.status_code}")


@pytest.mark.parametrize("app", ["accounts", "organizations", "products", "billing", "shell"])
def test_forms_take_no_field_that_they_do_not_show(sender: Sender, app: str) -> None:
    """INC-2"""
    sender.discover(app)
    assigner = Assigner(sender)
    for name in POSTING:
        if not name.startswith(f"{app}:") or name in NOT_FORMS:
            continue
        route = sender.routes[name]
        assigner.play(name, *(_form(assigner, route, others) for others in (False, True)))
    sender.report.close(f"names of fields at forms of {app}, {assigner.accepted} accepted", at_least=4)
    assert assigner.accepted


def _form(assigner: Assigner, route: Route, with_all: bool) -> Any:
    """Return what sends the form of a route, with right values and perhaps all others."""
    sender = assigner.sender
    who = STEPS.get(route.name, "anonymous" if route.name in PUBLIC else "LR+")

    def send() -> Any:
        fields = {
            key: value or RIGHT.get(key, "1") for key, value in sender.forms.get(route.name, {}).items()
        }
        others = {key: value for key, value in assigner.names.items() if key not in fields}
        body = urlencode({**(others if with_all else {}), **fields}).encode()
        return sender.send("POST", path, body, FORM, who=who)

    path = sender.path(route, fresh=True)
    return send


@pytest.mark.parametrize("half", [0, 1])
def test_operations_take_no_field_that_is_not_documented(sender: Sender, half: int) -> None:
    """INC-2, API-5: the document of the API says what is taken."""
    document = sender.send("GET", "/api/openapi.json").json()
    assigner = Assigner(sender)
    for name, method in WRITING[half::2]:
        route = sender.routes[f"api-1:{name}"]
        known = _documented(document, sender, route, method)
        bodies = []
        for others in ({}, {key: value for key, value in assigner.names.items() if key not in known}):
            values = sender.values(route, fresh=True)
            body = {**others, **fill(FIELDS.get((name, method), {}), values)}
            bodies.append((route.address(values), json.dumps(body, default=str).encode()))
        sends = [
            lambda path=path, body=body, m=method: sender.call(m, path, body, JSON) for path, body in bodies
        ]
        assigner.play(f"{method} {name}", *sends)
    sender.report.close(
        f"names of fields at operations, part {half + 1}, {assigner.accepted} accepted", at_least=50
    )
    assert assigner.accepted >= 5


def _documented(document: Any, sender: Sender, route: Route, method: str) -> set[str]:
    """Return the fields of the operation's body, as the document of the API names them."""
    paths = document["paths"]
    operation = next(v for k, v in paths.items() if sender.resolves(k, route))[method.lower()]
    names = re.findall(r"#/components/schemas/(\w+)", json.dumps(operation.get("requestBody", {})))
    return {one for name in names for one in document["components"]["schemas"][name].get("properties", {})}


def test_the_walk_knows_what_matters() -> None:
    """It would look at nothing without these names."""
    assert {
        "role",
        "is_staff",
        "organization_id",
        "user_id",
        "has_billing",
        "balance",
    } & model_fields().keys()
    assert len(model_fields()) > 150
