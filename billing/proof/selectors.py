"""Read the proofs of the ledger."""

from dataclasses import dataclass

from billing.proof.comparisons import COMPARISONS
from billing.proof.models import LedgerProof
from manager.kit.errors import Text

NEWEST = 30


@dataclass(frozen=True, slots=True)
class Verdict:
    """A comparison with how many rows of a proof did not agree."""

    label: Text
    found: int


def list_proofs() -> list[LedgerProof]:
    """Return the newest proofs, at most 30, newest first."""
    return list(LedgerProof.objects.order_by("-id")[:NEWEST])


def get_latest_proof() -> LedgerProof | None:
    """Return the newest proof that has ended."""
    return LedgerProof.objects.exclude(ended_at=None).order_by("-id").first()


def list_verdicts(proof: LedgerProof) -> list[Verdict]:
    """Return each comparison with what the proof found among those it kept."""
    found = [row["comparison"] for row in proof.findings]
    return [Verdict(one.label, found.count(one.slug)) for one in COMPARISONS]
