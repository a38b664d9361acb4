"""Hostile bodies at every page that takes one: refused with a page, and nothing is written."""

from urllib.parse import urlencode

import pytest

from tests.hostile.forms import BUTTONS, FREE_TEXT, NOT_FORMS, PASSED_OVER, RIGHT
from tests.hostile.keys import STEPS
from tests.hostile.payloads import BODIES, COULD_BE_MEANT, FORM, GARBAGE, NEVER_RIGHT, SINGLE, share
from tests.hostile.sender import Sender
from tests.isolation.expectations import PAGES, PERSONAL, PUBLIC, STAFF
from tests.isolation.matrix import Route

LINES = {**PAGES, **PERSONAL, **PUBLIC, **{name: line["methods"] for name, line in STAFF.items()}}
POSTING = sorted(name for name, line in LINES.items() if "POST" in line)
APPS = sorted({name.partition(":")[0] for name in POSTING})
ROUTES_OF = {app: [name for name in POSTING if name.startswith(f"{app}:")] for app in APPS}
# At most so many routes in one test, so that several workers share the large apps.
MOST = 45
PARTS = [
    (app, part, -(-len(names) // MOST))
    for app, names in ROUTES_OF.items()
    for part in range(-(-len(names) // MOST))
]


class FormCases:
    """The cases of one route."""

    def __init__(self, sender: Sender, route: Route) -> None:
        self.sender, self.route, self.turn = sender, route, POSTING.index(route.name)
        self.who = STEPS.get(route.name, "anonymous" if route.name in PUBLIC else "LR+")
        self.fields = {
            name: value or RIGHT.get(name, "1") for name, value in sender.forms.get(route.name, {}).items()
        }
        self.path = sender.path(route, fresh=True)
        self.before = sender.rows()

    def send(self, case: str, body: bytes, kind: str = FORM, *, refused: bool) -> None:
        """Send a body; with `refused` it must be, or at least change nothing."""
        answer = self.sender.send("POST", self.path, body, kind, who=self.who)
        case = f"POST {self.route.name} {case}"
        self.sender.judge(answer, case)
        if answer.status_code < 400:
            now = self.sender.rows()
            changed = sorted(table for table in now if now[table] != self.before[table])
            ok = not (refused and changed)
            self.sender.report.judge(ok, f"{case}: {answer.status_code} wrote to {changed}")
            self.before = now

    def play_bodies(self) -> None:
        """Whole bodies that are none, after an empty one: what that does, the others may not do again."""
        bodies = {"nothing": BODIES["nothing"], **dict(share(BODIES.items(), self.turn, 4))}
        for name, (body, kind) in bodies.items():
            could_be = name in COULD_BE_MEANT or self.route.name in FREE_TEXT
            self.send(name, body, kind, refused=not could_be)

    def play_garbage(self) -> None:
        """Garbage in every field at once, without any field, and the same field many times."""
        for name, value in share(GARBAGE.items(), self.turn, 3):
            self.send(
                f"all: {name}", self._body(dict.fromkeys(self.fields, value)), refused=self._is_strict(name)
            )
        self.send(
            "a list for each", urlencode([(k, v) for k in self.fields for v in "ab"]).encode(), refused=False
        )
        wrote = self.sender.rows() != self.before
        self.sender.report.judge(not wrote, f"POST {self.route.name}: garbage was refused and written")

    def play_fields(self) -> None:
        """One bad field in a form that is right otherwise; each field missing."""
        right = {name: urlencode({"": value})[1:].encode() for name, value in self.fields.items()}
        for position, name in enumerate(self.fields):
            self.send(
                f"{name} missing", self._body({k: v for k, v in right.items() if k != name}), refused=False
            )
            for kind in share(SINGLE, self.turn + position, 5):
                passed = {name, (self.route.name, name)} & PASSED_OVER.keys()
                refused = kind in NEVER_RIGHT and not passed
                self.send(f"{name}: {kind}", self._body({**right, name: GARBAGE[kind]}), refused=refused)

    def _is_strict(self, kind: str) -> bool:
        return self.route.name not in FREE_TEXT or kind in NEVER_RIGHT

    @staticmethod
    def _body(fields: dict[str, bytes]) -> bytes:
        return b"&".join(name.encode() + b"=" + value for name, value in fields.items())


@pytest.mark.parametrize(("app", "part", "parts"), PARTS)
def test_forms_take_nothing_that_is_not_meant(sender: Sender, app: str, part: int, parts: int) -> None:
    """4xx and a message, never 5xx, for what the fields of the page itself do not allow."""
    sender.discover(app)
    for name in ROUTES_OF[app][part::parts]:
        if name in NOT_FORMS:
            continue
        cases = FormCases(sender, sender.routes[name])
        sender.report.judge(
            bool(cases.fields) or name in BUTTONS, f"{name}: no field is known, nor is it a button"
        )
        if name not in BUTTONS:
            cases.play_garbage()
            cases.play_bodies()
            cases.play_fields()
            continue
        for body_name, (body, kind) in share(BODIES.items(), cases.turn, 6):
            sender.judge(
                sender.send("POST", cases.path, body, kind, who=cases.who), f"POST {name} {body_name}"
            )
    sender.report.close(f"forms of {app}, part {part + 1} of {parts}", at_least=30)
