"""Sends hostile requests and judges the answers."""

import json
import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin, urlsplit

import psycopg
import redis
from django.urls import Resolver404, resolve

from tests.hostile.keys import KEYS, STEPS, bring_people
from tests.isolation.matrix import Report, Route, Target, body_of, walk_routes
from tests.isolation.world import World

TABLES = """
    SELECT c.relname FROM pg_class c
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND c.relname NOT LIKE 'django_%'
    ORDER BY c.relname
"""
# What any request may write: the last sight of a session or token, a try that failed.
MAY_CHANGE = frozenset({"accounts_session", "accounts_apitoken", "accounts_securityevent"})

# By app: the pages, and to whom they were shown, with a form that leads to one of its routes.
PAGES_OF: dict[str, set[tuple[str, str]]] = {}


@dataclass
class Field:
    """A field of a form on a page, with the value that the page gives it."""

    name: str
    value: str


@dataclass
class Form:
    """A form of a page."""

    method: str
    action: str
    fields: list[Field] = field(default_factory=list)


class Forms(HTMLParser):
    """Reads the forms of a page, also fields that name their form from outside it."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[Form] = []
        self.by_id: dict[str, Form] = {}
        self._form: Form | None = None
        self._select: Field | None = None
        self._loose: list[tuple[str, Field]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a form or one of its fields."""
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._form = Form(given.get("method", "get").lower(), given.get("action", ""))
            self.found.append(self._form)
            self.by_id[given.get("id", "")] = self._form
        elif tag in {"input", "select", "textarea", "button"} and given.get("name"):
            self._note(tag, given)
        elif tag == "option" and self._select is not None and ("selected" in given or not self._select.value):
            self._select.value = given.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        """Leave a form."""
        if tag == "form":
            self._form = None
        elif tag == "select":
            self._select = None

    def close(self) -> None:
        """Give the fields outside to their forms."""
        super().close()
        for key, one in self._loose:
            if key in self.by_id:
                self.by_id[key].fields.append(one)

    def _note(self, tag: str, given: dict[str, str]) -> None:
        one = Field(given["name"], given.get("value", ""))
        if tag == "select":
            self._select = one
        if "form" in given:
            self._loose.append((given["form"], one))
        elif self._form is not None:
            self._form.fields.append(one)


class Sender:
    """Sends requests of a member with every right, of a stranger to all, and of a program."""

    def __init__(
        self, world: World, database: psycopg.Connection, valkey: redis.Redis, report: Report
    ) -> None:
        self.world, self.database, self.valkey, self.report = world, database, valkey, report
        self.routes = {route.name: route for route in walk_routes()}
        bring_people(world)
        self.forms: dict[str, dict[str, str]] = {}
        self.queries: dict[str, set[str]] = {}

    def values(self, route: Route, *, fresh: bool = False) -> dict[str, Any]:
        """Return the own organization's values of all parameters."""
        own, kinds = self.world.own, [(route.key, name) for name in route.parameters]
        known = {key[1]: KEYS[key](self.world, own, {}) for key in kinds if key in KEYS}
        return known or Target(self.world, route, own, own).values(fresh=fresh)

    def path(self, route: Route, *, fresh: bool = False) -> str:
        """Return the route's address with objects of the own organization."""
        return route.address(self.values(route, fresh=fresh))

    def send(
        self,
        method: str,
        path: str,
        body: bytes = b"",
        kind: str = "",
        *,
        who: str = "LR+",
        query: str = "",
        **headers: Any,
    ) -> Any:
        """Send a request of a browser, as it stands, without any limit of rate."""
        self.valkey.flushdb()
        client = self.world.client(who)
        return client.generic(method, path, body, content_type=kind, QUERY_STRING=query, **headers)

    def call(
        self, method: str, path: str, body: bytes = b"", kind: str = "", *, query: str = "", **headers: Any
    ) -> Any:
        """Send a request of a program."""
        headers.setdefault("HTTP_AUTHORIZATION", f"Bearer {self.world.token('LR+')}")
        return self.send(method, path, body, kind, who="anonymous", query=query, **headers)

    def resolves(self, pattern: str, route: Route) -> bool:
        """Return whether a path of the API's document is the route's."""
        return re.sub(r"{\w+}", "1", pattern) == route.address(dict.fromkeys(route.parameters, 1))

    def judge(self, answer: Any, case: str, *, refused: bool = False) -> None:
        """Take an answer that is no mistake of ours; with `refused`, one that refuses."""
        status = answer.status_code
        ok = 200 <= status < 500 and (status >= 400 or not refused)
        self.report.judge(ok, f"{case}: {status}{reason_of(answer) if status >= 500 else ''}")
        if status < 500 and "Set-Cookie" in answer.headers.get("Location", ""):
            ok = not re.search(r"[\r\n\x00]", answer.headers["Location"])
            self.report.judge(ok, f"{case}: a header with a line break")

    def judge_operation(self, answer: Any, case: str, *, refused: bool = False) -> None:
        """Take an answer in the API's shape of results or errors."""
        self.judge(answer, case, refused=refused)
        if answer.status_code >= 400:
            self.report.judge(has_error_shape(answer), f"{case}: {answer.status_code} without the shape")

    def rows(self) -> dict[str, str]:
        """Return a hash of what each table holds, to show that nothing was written."""
        tables = [name for (name,) in self.database.execute(TABLES).fetchall() if name not in MAY_CHANGE]
        query = " UNION ALL ".join(
            f"SELECT '{name}', md5(string_agg(t::text, chr(10) ORDER BY t::text)) FROM \"{name}\" t"
            for name in tables
        )
        return dict(self.database.execute(query.encode()).fetchall())

    def discover(self, app: str | None = None) -> None:
        """Read all pages, and note which fields their forms send where.

        For the forms of one `app` it reads all the first time in a process, and later those pages alone that
        had a form of the app: their fields are the same, only the objects in them are new.
        """
        pages = [route for route in self.routes.values() if not route.name.startswith(("api", "openapi"))]
        for route in pages:
            self.path(route)  # so that every object is there when the first page shows them
        each = {
            (route.name, who) for route in pages for who in ("LR+", "anonymous", STEPS.get(route.name, "LR+"))
        }
        for name, who in sorted(PAGES_OF.get(app, set()) if app and PAGES_OF else each):
            for led_to in self._read(self.routes[name], who):
                PAGES_OF.setdefault(led_to.partition(":")[0], set()).add((name, who))
        for route in self.routes.values():
            written = {key: str(value) for key, value in body_of(route, self.values(route)).items()}
            if written:
                self.forms.setdefault(route.name, {}).update(written)

    def _read(self, route: Route, who: str) -> list[str]:
        """Note the forms of a page; return the routes to which they lead."""
        path = self.path(route)
        answer = self.send("GET", path, who=who)
        if answer.status_code != 200 or not answer.headers.get("Content-Type", "").startswith("text/html"):
            return []
        reader = Forms()
        reader.feed(answer.content.decode())
        reader.close()
        return [self._note(form, path) for form in reader.found]

    def _note(self, form: Form, page: str) -> str:
        address = urlsplit(urljoin(page, form.action)).path
        try:
            name = resolve(address).view_name
        except Resolver404:
            self.report.judge(ok=False, case=f"{page} has a form that leads to {address}")
            return ""
        if form.method == "post":
            fields = self.forms.setdefault(name, {})
            fields.update({one.name: one.value for one in form.fields if one.name != "csrfmiddlewaretoken"})
        else:
            self.queries.setdefault(name, set()).update(one.name for one in form.fields)
        return str(name)


def has_error_shape(answer: Any) -> bool:
    """Return whether an answer is a refusal as the API gives it (API-4)."""
    try:
        given = json.loads(answer.content)
        error = given["error"]
    except (ValueError, KeyError, TypeError):
        return False
    texts = isinstance(error.get("code"), str) and bool(error["code"]) and bool(error.get("description"))
    return given["result"] == "error" and texts and isinstance(error.get("context"), dict)


def reason_of(answer: Any) -> str:
    """Return what went wrong on our side."""
    kind, value, trace = getattr(answer, "exc_info", None) or (None, "", None)
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    where = f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}" if trace else ""
    return f" {getattr(kind, '__name__', '')} {str(value)[:120]!r} {where}"
