"""A refused file of the bank is kept as a row, so that staff see it where they look for files (BIL-17)."""

import hashlib
from datetime import datetime

from django.db import transaction
from django.db.models import F

from billing.bank.models import RefusedFile
from billing.bank.status import Source
from manager.kit.actor import Actor
from manager.kit.errors import DomainError


@transaction.atomic
def note_refused(
    *, content: bytes, name: str, source: Source, refusal: DomainError, actor: Actor, at: datetime
) -> RefusedFile:
    """Note that a file was refused and why; nothing of what it says is kept. The same file only counts."""
    facts = {"source": source, "code": refusal.code, "reason": str(refusal)[:300], "refused_at": at}
    row, is_new = RefusedFile.objects.get_or_create(
        digest=hashlib.sha256(content).hexdigest(),
        defaults={
            **facts,
            "file_name": name[-200:],
            "size": len(content),
            "given_by_name": actor.name[:200],
        },
    )
    if not is_new:
        RefusedFile.objects.filter(pk=row.pk).update(times=F("times") + 1, **facts)
    return row
