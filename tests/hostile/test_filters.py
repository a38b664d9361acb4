"""Filters and sorts by what belongs to others: as by what does not exist (INC-1)."""

import re

from tests.factories.cast import make_person, make_tenant
from tests.hostile.payloads import share
from tests.hostile.sender import Sender
from tests.hostile.test_addresses import is_operation, lists_of
from tests.isolation.expectations import OPERATIONS, PAGES
from tests.isolation.matrix import Route, plain
from tests.isolation.world import FOREIGN, MAKERS, MISSING_ID

# How much of a list is shown, in which order, and of which days.
NO_IDS = frozenset({"before", "limit", "sort", "since", "until"})
# What differs between any two answers: how long ago something was, and the key of a new order.
MOMENTARY = re.compile(r'<time.*?</time>|(?<=name="confirmation_key" value=")[^"]*')
# Kinds of which another one stands in the same table, and parts of others, numbered within them.
ALIKE = frozenset(
    {"record_id", "hidden_product_id", "open_invoice_id", "placed_id", "attempt_id", "setup_id", "line_id"}
)
SEQUENCES = "SELECT sequencename, last_value FROM pg_sequences WHERE schemaname = 'public' ORDER BY 1"


def test_filters_by_what_belongs_to_others_find_nothing(sender: Sender) -> None:
    """INC-1, INC-3: each filter of each list, with ids of the other organization."""
    own = {*PAGES, *(f"api-1:{name}" for name in OPERATIONS)}
    lists = [(route, names, sender.path(route)) for route, names in lists_of(sender) if route.name in own]
    theirs = foreign_ids(sender)
    for turn, (route, names, path) in enumerate(lists):
        for position, name in enumerate(sorted(set(names) - NO_IDS)):
            missing = answer_to(sender, route, path, name, MISSING_ID)
            for kind, value in {
                **dict(share(theirs.items(), turn + position, 10)),
                **named(name, theirs),
            }.items():
                found = answer_to(sender, route, path, name, value)
                case = f"{route.name} {name}={kind} {value}: {found[0]}, missing: {missing[0]}"
                sender.report.judge(found == missing, case)
    sender.report.close("filters by what belongs to others", at_least=500)


def foreign_ids(sender: Sender) -> dict[str, int]:
    """Return an id of each kind of the other organization; nothing else has the same number."""
    for number, (name, last) in enumerate(sender.database.execute(SEQUENCES).fetchall(), start=1):
        sender.database.execute("SELECT setval(%s::regclass, %s)", [name, (last or 0) + number * 10_000])
    foreign = sender.world.foreign
    kinds = [kind for kind in MAKERS if kind.endswith("_id") and kind not in ALIKE]
    made = {kind: sender.world.value(foreign, kind, MAKERS[kind], fresh=True) for kind in kinds}
    further = make_person(f"{FOREIGN.title()} Further")
    return {**made, "organization_id": make_tenant(further, name=f"{FOREIGN} 2").pk, "user_id": further.pk}


def named(name: str, theirs: dict[str, int]) -> dict[str, int]:
    """Return the ids of the kind that the filter is called after: those are always tried."""
    return {kind: value for kind, value in theirs.items() if name.removesuffix("_id") in kind}


def answer_to(sender: Sender, route: Route, path: str, name: str, value: int) -> tuple[int, str]:
    """Return status and body of a filtered list, without the value itself."""
    send = sender.call if is_operation(route) else sender.send
    status, text = plain(send("GET", path, query=f"{name}={value}"), path)
    return status, MOMENTARY.sub("", text).replace(str(value), "…")
