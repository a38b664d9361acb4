"""The audit log as a chain: what a seal covers, how events are sealed, and how the chain is proved."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from django.db import connection, transaction

from manager.kit.scope import tenant_scope
from organizations.audit.models import AuditEvent, AuditSeal

START = "0" * 64
AT_ONCE = 1000
COVERED = (
    *("id", "organization_id", "name", "actor_kind", "actor_id", "actor_name", "through", "on_behalf_of"),
    *("address", "agent", "subject_kind", "subject_id", "subject_name", "data"),
)


@dataclass(frozen=True, slots=True)
class ChainReport:
    """What a proof of one organization's chain found.

    `sealed` and `waiting` count events; `broken_at` is the position of the first seal that does not fit,
    or None; `head` is the last digest, worth keeping elsewhere.
    """

    sealed: int
    waiting: int
    head: str
    broken_at: int | None = None

    @property
    def is_whole(self) -> bool:
        """Return whether every seal fits its event and the seal before it."""
        return self.broken_at is None


def digest_of(event: AuditEvent, previous: str) -> str:
    """Return the digest that seals `event` after the seal `previous` (hexadecimal SHA-256)."""
    facts = {name: getattr(event, name) for name in COVERED}
    facts["at"] = event.at.astimezone(UTC).isoformat(timespec="microseconds")
    text = json.dumps(facts, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(f"{previous}\n{text}".encode()).hexdigest()


def seal_events(*, organization_id: int, at: datetime) -> int:
    """Seal up to 1,000 events of the organization that wait, in the order of their ids; return how many.

    Off the way of the verbs on purpose: a chain has one end, and verbs that queued for it would wait for
    each other. One sealer at a time works on an organization; another one leaves it alone and returns 0.
    """
    with tenant_scope(organization_id), transaction.atomic():
        if not _take_chain(organization_id):
            return 0
        last = AuditSeal.objects.filter(organization_id=organization_id, position__isnull=False)
        end = last.order_by("-position").first()
        position, digest = (end.position or 0, end.digest) if end else (0, START)
        waiting = AuditSeal.objects.filter(organization_id=organization_id, position=None)
        seals = list(waiting.select_related("event").order_by("event_id")[:AT_ONCE])
        for seal in seals:
            position, digest = position + 1, digest_of(seal.event, digest)
            seal.position, seal.digest, seal.sealed_at = position, digest, at
        AuditSeal.objects.bulk_update(seals, ["position", "digest", "sealed_at"])
    return len(seals)


def verify_chain(*, organization_id: int) -> ChainReport:
    """Prove the organization's chain from its start, event by event (ORG-16). Call it in the tenant's scope.

    Events younger than the last run of the sealer wait for their seal and are counted apart; an event
    that has not even a row for its seal breaks the chain as well.
    """
    expected, digest, sealed, broken = 1, START, 0, None
    for seal in _seals_in_order(organization_id):
        digest_fits = seal.digest == digest_of(seal.event, digest)
        if seal.position != expected or not digest_fits:
            broken = expected
            break
        expected, digest, sealed = expected + 1, seal.digest, sealed + 1
    waiting = AuditSeal.objects.filter(organization_id=organization_id, position=None).count()
    if broken is None and AuditEvent.objects.filter(organization_id=organization_id, seal=None).exists():
        broken = expected
    return ChainReport(sealed=sealed, waiting=waiting, head=digest, broken_at=broken)


def _seals_in_order(organization_id: int) -> Iterator[AuditSeal]:
    seals = AuditSeal.objects.filter(organization_id=organization_id, position__isnull=False)
    last = 0
    while page := list(
        seals.filter(position__gt=last).select_related("event").order_by("position")[:AT_ONCE]
    ):
        yield from page
        last = page[-1].position or last + 1


def _take_chain(organization_id: int) -> bool:
    with connection.cursor() as cursor:
        # One big number of its own: ids of organizations serve as keys of other locks.
        key = hashlib.sha256(f"audit chain {organization_id}".encode()).digest()[:8]
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [int.from_bytes(key, signed=True)])
        return bool(cursor.fetchone()[0])
