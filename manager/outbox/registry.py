"""Which handlers hear which event. The wiring lies on the roof and is installed at start."""

from collections.abc import Callable, Collection, Mapping, Sequence

from manager.outbox.models import OutboxEvent

Handler = Callable[[OutboxEvent], None]

Narrowing = Callable[[Collection[int]], set[int]]
"""Returns those of the organizations whose events a handler wants."""

_by_event: dict[str, list[Handler]] = {}
_by_name: dict[str, Handler] = {}
_narrowed: dict[Handler, Narrowing] = {}


def name_of(handler: Handler) -> str:
    """Return the name under which a handler's deliveries are stored: its dotted path."""
    return f"{handler.__module__}.{handler.__qualname__}"


def install(wiring: Mapping[str, Sequence[Handler]]) -> None:
    """Replace the known handlers by those of `wiring`."""
    _by_event.clear()
    _by_name.clear()
    for event, handlers in wiring.items():
        _by_event[event] = list(handlers)
        for handler in handlers:
            _by_name[name_of(handler)] = handler


def narrow(handler: Handler, wants: Narrowing) -> None:
    """Give `handler` only the events of the organizations that `wants` returns, asked for many at once."""
    _narrowed[handler] = wants


def uninterested(events: Collection[OutboxEvent]) -> set[tuple[Handler, int]]:
    """Return for handlers that want some organizations' events alone those whose events they do not want."""
    mine = {event.organization_id for event in events}
    asked = {handler for event in events for handler in handlers_of(event.name) if handler in _narrowed}
    return {(handler, organization) for handler in asked for organization in mine - _narrowed[handler](mine)}


def handlers_of(event_name: str) -> list[Handler]:
    """Return the handlers of an event; none for an event that nobody listens to."""
    return _by_event.get(event_name, [])


def handler_called(name: str) -> Handler:
    """Return the handler stored under `name`.

    :raises LookupError: the code no longer has it; the delivery goes to the quarantine.
    """
    try:
        return _by_name[name]
    except KeyError:
        raise LookupError(f"No handler is called {name}.") from None
