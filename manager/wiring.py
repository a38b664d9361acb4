"""Who hears which event: the only place that knows (call down, publish up)."""

from manager.outbox.registry import Handler

HANDLERS: dict[str, list[Handler]] = {}
