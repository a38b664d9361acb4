"""Take files from the drop folder, and look at the entries that were read."""

import logging
from datetime import datetime

from billing.bank.folder import empty_folder
from billing.bank.models import StatementEntry
from billing.bank.services import follow_entry
from billing.bank.status import EntryStatus
from manager.kit.actor import Actor
from manager.kit.due import is_due

logger = logging.getLogger(__name__)

BATCH = 100
ACTOR = Actor.system("bank")


def drain_bank(*, at: datetime) -> int:
    """Keep what lies in the drop folder and look at all new entries; return how much was done (BIL-17).

    Any number may run at once. An entry that fails is tried again when its lease has ended.
    """
    done = empty_folder(actor=ACTOR, at=at)
    seen = 0
    while True:
        waiting = StatementEntry.objects.filter(is_due("due_at", at), status=EntryStatus.NEW, pk__gt=seen)
        batch = list(waiting.order_by("pk")[:BATCH])
        if not batch:
            return done
        for entry in batch:
            done += _follow(entry, at)
        seen = batch[-1].pk


def _follow(entry: StatementEntry, at: datetime) -> bool:
    try:
        return follow_entry(entry=entry, actor=ACTOR, at=at)
    except Exception:  # whatever one entry raises must not stop the others
        logger.exception("Entry %s of the bank could not be booked; it is tried again.", entry.pk)
        return False
