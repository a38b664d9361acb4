"""Prove the ledger: documents, payments and balances against the entries (BIL-15)."""

from dataclasses import asdict, dataclass
from datetime import datetime
from time import monotonic

from django.db import IntegrityError, connections, transaction
from psycopg import sql

from billing.proof.comparisons import COMPARISONS, FIGURES, SUMS
from billing.proof.models import LedgerProof
from manager.kit.actor import Actor
from manager.kit.nudge import nudge

MOST_KEPT = 200
_PART = sql.SQL(
    "SELECT {slug} AS comparison, organization, subject, expected::bigint, actual::bigint"
    " FROM ({comparison}) found (organization, subject, expected, actual)"
)
NAME = "ledger-proof"
"""The periodic work that carries proofs out."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What did not agree: `expected` and `actual` in minor units, or numbers where numbers are compared."""

    comparison: str
    organization: int | None
    subject: str
    expected: int
    actual: int


def ask_proof(*, actor: Actor, at: datetime) -> LedgerProof:
    """Ask for a proof; a worker carries it out at once. One that waits already is given back (BIL-15)."""
    waiting = LedgerProof.objects.filter(ended_at=None).first()
    if waiting is not None:
        return waiting
    with transaction.atomic():
        nudge(NAME)
        return LedgerProof.objects.create(asked_by=actor.user_id, asked_at=at)


def begin_nightly_proof(*, at: datetime) -> LedgerProof | None:
    """Begin the proof of the UTC day of `at`; None when that day has one. Any number at once begin one."""
    day = at.date()
    if LedgerProof.objects.filter(day=day).exists():
        return None
    try:
        with transaction.atomic():
            return LedgerProof.objects.create(day=day, asked_at=at)
    except IntegrityError:
        return None


@transaction.atomic
def carry_out_proof(*, proof: LedgerProof, at: datetime) -> LedgerProof | None:
    """Compare all, write what was found and return the proof; None where another worker is at it.

    The row is locked meanwhile: what a killed worker leaves waits again.
    """
    locked = (
        LedgerProof.objects.select_for_update(skip_locked=True).filter(pk=proof.pk, ended_at=None).first()
    )
    if locked is None:
        return None
    began = monotonic()
    findings = find_differences()
    locked.figures = count_compared()
    locked.findings = [asdict(finding) for finding in findings[:MOST_KEPT]]
    locked.found = len(findings)
    locked.duration_ms = round((monotonic() - began) * 1000)
    locked.ended_at = at
    locked.save()
    return locked


def find_differences() -> list[Finding]:
    """Return all that does not agree across all tenants, in one statement (BIL-15)."""
    parts = [_PART.format(slug=sql.Literal(one.slug), comparison=sql.SQL(one.sql)) for one in COMPARISONS]
    statement = sql.Composed([sql.SQL(SUMS), sql.SQL(" UNION ALL ").join(parts)])
    with connections["system"].cursor() as cursor:
        cursor.execute(statement)
        return [Finding(*row) for row in cursor.fetchall()]


def count_compared() -> dict[str, int]:
    """Return how many journals, entries, invoices, credit notes and payments there are."""
    with connections["system"].cursor() as cursor:
        cursor.execute(FIGURES)
        names = [column.name for column in cursor.description]
        return dict(zip(names, cursor.fetchone(), strict=True))
