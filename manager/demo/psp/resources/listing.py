"""Lists: newest first, filtered, paged by `starting_after`, as Stripe answers them."""

from collections.abc import Callable
from typing import Any

from manager.demo.provider.store import Thing
from manager.demo.psp.problems import invalid
from manager.demo.psp.sandbox import Call, as_integer

LIST_PARAMS = ("limit", "starting_after", "created", "created.gte", "created.lte", "created.gt", "created.lt")
MAX_LIMIT = 100


def listed(
    call: Call, kind: str, url: str, *, keep: Callable[[Thing], bool] = lambda _: True
) -> dict[str, Any]:
    """Return one page of the objects of a kind that match the filter."""
    limit = call.integer("limit", 10)
    if not 1 <= limit <= MAX_LIMIT:
        raise invalid("This value must be between 1 and 100.", param="limit")
    after = call.text("starting_after")
    if after:
        call.thing(kind, after, param="starting_after")
    page: list[Thing] = []
    started = not after
    for thing in call.store.newest_first(kind):
        if started and created_matches(call, thing) and keep(thing):
            page.append(thing)
        started = started or thing["id"] == after
        if len(page) > limit:
            break
    return {"object": "list", "url": url, "has_more": len(page) > limit, "data": page[:limit]}


def created_matches(call: Call, thing: Thing) -> bool:
    """Return whether an object was made in the span asked for."""
    asked = call.params.get("created")
    if asked is None:
        return True
    created: int = thing["created"]
    if isinstance(asked, str):
        return created == as_integer(asked, "created")
    tests: dict[str, Callable[[int], bool]] = {
        "gte": lambda bound: created >= bound,
        "gt": lambda bound: created > bound,
        "lte": lambda bound: created <= bound,
        "lt": lambda bound: created < bound,
    }
    return all(tests[name](as_integer(bound, "created")) for name, bound in asked.items() if name in tests)


def expand(call: Call, thing: dict[str, Any]) -> dict[str, Any]:
    """Return a copy in which the ids named by `expand` are replaced by their objects."""
    for path in call.choices("expand"):
        thing = _expanded(call, thing, path.split("."))
    return thing


def _expanded(call: Call, thing: Any, steps: list[str]) -> Any:
    if isinstance(thing, list):
        return [_expanded(call, item, steps) for item in thing]
    if not isinstance(thing, dict) or not steps:
        return thing
    if steps[0] not in thing:
        raise invalid(f"This property cannot be expanded ({steps[0]}).", param="expand")
    value = thing[steps[0]]
    if isinstance(value, str):
        value = call.store.anything(value) or value
    return {**thing, steps[0]: _expanded(call, value, steps[1:])}
