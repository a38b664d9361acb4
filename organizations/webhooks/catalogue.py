"""Which events an endpoint can choose, who may choose them, and what they tell (API-6).

The names are those of the outbox; what is not in this table goes to nobody outside. What a message tells is
the object as the REST API shows it: floors above register who writes it, by the noun before the dot.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from manager.kit.errors import Text
from manager.outbox.models import OutboxEvent
from organizations.access.roles import Permission

TEST_EVENT = "webhook.test"

Writer = Callable[[OutboxEvent], dict[str, Any] | None]
"""Returns what a message tells, as plain JSON values; None when the object is not there any more."""


@dataclass(frozen=True, slots=True)
class PublicEvent:
    """An event that can be chosen: what it says, and the right to see what it tells."""

    name: str
    label: Text
    permission: Permission

    @property
    def scope(self) -> str:
        """The scope that a token needs to see it."""
        return "billing:read" if self.permission == Permission.BILLING_VIEW else "products:read"


_PRODUCTS, _BILLING = Permission.PRODUCTS_VIEW, Permission.BILLING_VIEW

EVENTS: dict[str, PublicEvent] = {
    name: PublicEvent(name, label, permission)
    for name, label, permission in (
        ("product.activated", _("A product was set up"), _PRODUCTS),
        ("product.auto_renew_changed", _("Automatic renewal was switched"), _PRODUCTS),
        ("product.changed", _("A product has another offer, quantity or options"), _PRODUCTS),
        ("product.entered_redemption", _("A domain expired and can still be restored"), _PRODUCTS),
        ("product.extended", _("A product was renewed"), _PRODUCTS),
        ("product.released", _("A domain was released"), _PRODUCTS),
        ("product.restored", _("A product was restored"), _PRODUCTS),
        ("product.resumed", _("A suspended product works again"), _PRODUCTS),
        ("product.suspended", _("A product was suspended"), _PRODUCTS),
        ("product.terminated", _("A product was terminated"), _PRODUCTS),
        ("invoice.cancelled", _("A pro forma was cancelled"), _BILLING),
        ("invoice.issued", _("An invoice was issued"), _BILLING),
        ("invoice.paid", _("An invoice was paid"), _BILLING),
        ("invoice.voided", _("An invoice was voided"), _BILLING),
        ("order.cancelled", _("An order was cancelled"), _BILLING),
        ("order.expired", _("An unpaid order expired"), _BILLING),
        ("order.placed", _("An order was placed"), _BILLING),
        ("payment.failed", _("A payment failed"), _BILLING),
        ("payment.succeeded", _("A payment succeeded"), _BILLING),
    )
}

_writers: dict[str, Writer] = {}


def register_writer(noun: str, writer: Writer) -> None:
    """Let `writer` tell the events whose name begins with `noun`; called once for each, at start."""
    _writers[noun] = writer


def write_data(event: OutboxEvent) -> dict[str, Any] | None:
    """Return what a message about the event tells, read in the event's scope; None: nothing is left to tell.

    :raises KeyError: no floor has registered a writer.
    """
    return _writers[event.name.partition(".")[0]](event)


def events_for(can: Collection[Permission]) -> list[PublicEvent]:
    """Return what somebody with these rights may choose and see, in the table's order."""
    return [event for event in EVENTS.values() if event.permission in can]


def names_for(can: Collection[Permission]) -> frozenset[str]:
    """Return the names of what somebody with these rights sees, the test among them."""
    return frozenset({TEST_EVENT, *(event.name for event in events_for(can))})


def label_of(name: str) -> Text:
    """Return what an event says."""
    return EVENTS[name].label if name in EVENTS else _("A test")
