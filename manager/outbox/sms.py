"""Text messages: stored in the transaction of their cause, sent afterwards by a worker.

Who sends them is named by `settings.SMS_SENDER`: the dotted path of a class without arguments that has
`send(*, recipient, text, reference)`. `reference` is the same at each try of one message, for providers
that recognize repeated ones; whatever `send` raises means that it is tried again.
"""

import hashlib
import logging
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Protocol

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils.module_loading import import_string

from manager.kit.clock import now
from manager.kit.nudge import nudge
from manager.kit.scope import tenant_scope
from manager.outbox.models import OutgoingSms
from manager.outbox.queue import claim, send_once, waiting

logger = logging.getLogger(__name__)

REFUSING = "manager.outbox.sms.RefusingSender"
FIRST_RETRY = timedelta(seconds=15)
MAX_ATTEMPTS = 8
BATCH = 20


class SmsSender(Protocol):
    """Hands a text message to a provider."""

    def send(self, *, recipient: str, text: str, reference: str) -> None:
        """Send `text` to `recipient` (E.164), or raise."""


class NoSenderIsSetUp(RuntimeError):
    """`SMS_SENDER` names nobody who could send text messages."""


class RefusingSender:
    """What stands in `SMS_SENDER` until the operator names a provider: sends nothing, and says so."""

    def send(self, *, recipient: str, text: str, reference: str) -> None:
        """Refuse.

        :raises NoSenderIsSetUp: always.
        """
        raise NoSenderIsSetUp("Set SMS_SENDER.")


def can_send_sms() -> bool:
    """Return whether the operator has named a sender; without one nobody is offered codes by SMS."""
    return bool(settings.SMS_SENDER != REFUSING)


def queue_sms(
    *,
    recipient: str,
    text: str,
    dedupe_key: str,
    at: datetime,
    organization_id: int = 0,
    useless_at: datetime | None = None,
) -> None:
    """Store the message `text` to `recipient` (E.164) for sending at once; a worker is nudged.

    A second call with the same `dedupe_key` does nothing. What could not be sent before `useless_at`,
    when its code has expired, is given up. `organization_id` is 0 for messages about a person alone.
    """
    message = OutgoingSms(
        dedupe_key=dedupe_key,
        organization_id=organization_id,
        recipient=recipient,
        text=text,
        created_at=at,
        due_at=at,
        useless_at=useless_at,
    )
    with tenant_scope(organization_id), transaction.atomic():
        OutgoingSms.objects.bulk_create([message], ignore_conflicts=True)
        nudge("sms")


def drain_sms(*, at: datetime) -> int:
    """Send all messages due at `at`; return how many were sent."""
    sent = 0
    sender: SmsSender = import_string(settings.SMS_SENDER)()
    # Codes expire by the real clock, also while work is done as of a later day.
    _give_up_useless(min(at, now()))
    while rows := list(claim(OutgoingSms.objects.using("system"), size=BATCH, at=at)):
        sent += sum(send_once(row, partial(_hand_over, row, sender, at)) for row in rows)
    return sent


def _give_up_useless(at: datetime) -> None:
    waiting(OutgoingSms.objects.using("system")).filter(useless_at__lte=at).update(
        quarantined_at=at, text="", last_error="Not sent while it was of use."
    )


def _hand_over(row: OutgoingSms, sender: SmsSender, at: datetime, mine: QuerySet[OutgoingSms]) -> bool:
    reference = hashlib.sha256(row.dedupe_key.encode()).hexdigest()[:40]
    try:
        sender.send(recipient=row.recipient, text=row.text, reference=reference)
    except Exception as error:  # noqa: BLE001  (whatever one message raises must not stop the others)
        # The text is not logged: it may hold a code.
        logger.warning("The SMS %s could not be sent: %s", row.pk, type(error).__name__)
        failed: dict[str, Any] = {
            "last_error": type(error).__name__,
            "due_at": at + FIRST_RETRY * 2 ** (row.attempts - 1),
        }
        if row.attempts >= MAX_ATTEMPTS:
            failed |= {"quarantined_at": at, "text": ""}
        mine.update(**failed)
        return False
    return bool(mine.update(sent_at=at, text=""))
