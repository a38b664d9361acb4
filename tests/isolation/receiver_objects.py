"""A receiver of billing messages, for the matrix."""

from itertools import count
from typing import Any

from billing.receivers.models import BillingReceiver
from billing.receivers.secrets import seal
from billing.receivers.status import Message
from manager.kit.clock import now
from organizations.profile.models import Organization
from tests.factories.billing import AT
from tests.isolation.world import MAKERS, World, word_of

_numbers = count(1)


def make_receiver(world: World, organization: Organization, made: dict[str, Any]) -> BillingReceiver:
    """Return an address that was asked and has not answered."""
    word = word_of(world, organization)
    row = BillingReceiver(
        organization=organization,
        name=f"{word.title()} {next(_numbers)}",
        email=f"office{next(_numbers)}@{word.lower()}.example",
        language="en",
        messages=[str(Message.INVOICES)],
        asked_at=AT,
        expires_at=now(),
        created_at=AT,
    )
    seal(row)
    row.save()
    return row


MAKERS["receiver_id"] = lambda world, organization, made: make_receiver(world, organization, made).pk
