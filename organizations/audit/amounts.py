"""Amounts in the audit log: events keep them in minor units, people read money in their language (UI-4)."""

from typing import Any

from manager.kit.money import Money
from organizations.audit.models import AuditEvent

# What nobody knows by a name: it is called by its amount, and its event says what became of it.
CALLED_BY_AMOUNT = frozenset({"refund", "bankreceipt", "paymentattempt", "dispute"})

AMOUNTS = frozenset(
    {
        *("amount", "auto_amount", "auto_below", "balance", "due", "missing"),
        *("notice_below", "surplus", "to_balance", "to_invoice", "to_means"),
    }
)
# Elsewhere these are names or roles.
AMOUNTS_OF = {"invoice.vat_updated": AMOUNTS | {"before", "after"}}


def details_of(event: AuditEvent, *, currency: str) -> list[tuple[str, Any]]:
    """Return the facts of an event by name, in their order, its amounts as money in the reader's language."""
    return [(name, show_amount(event, name, currency) or value) for name, value in sorted(event.data.items())]


def show_amount(event: AuditEvent, name: str, currency: str) -> str | None:
    """Return one of the amounts of an event as money in the reader's language; None for what is none."""
    value = event.data.get(name)
    if type(value) is not int or name not in AMOUNTS_OF.get(event.name, AMOUNTS):
        return None
    return Money(value, event.data.get("currency") or currency).format()
