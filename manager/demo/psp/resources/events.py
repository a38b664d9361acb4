"""Events: what happened, kept also when its webhook was lost."""

from fnmatch import fnmatchcase
from typing import Any

from manager.demo.provider.store import Thing
from manager.demo.psp.resources.listing import listed
from manager.demo.psp.sandbox import Call


def retrieve(call: Call) -> Thing:
    """Return an event."""
    return call.thing("event")


def list_all(call: Call) -> dict[str, Any]:
    """Return events, of one type or several (`types[]`) if asked."""
    wanted = call.choices("types") or [call.text("type") or "*"]
    return listed(
        call,
        "event",
        "/v1/events",
        keep=lambda thing: any(fnmatchcase(thing["type"], pattern) for pattern in wanted),
    )
