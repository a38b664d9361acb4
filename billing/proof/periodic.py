"""Prove the ledger each night, and when somebody asks."""

import logging
from datetime import datetime

from billing.proof.models import LedgerProof
from billing.proof.services import begin_nightly_proof, carry_out_proof

logger = logging.getLogger(__name__)


def drain_proofs(*, at: datetime) -> int:
    """Begin the proof of the UTC day and carry out what waits; return how many ended (BIL-15).

    What does not agree is logged as an error, for whoever watches the installation.
    """
    begin_nightly_proof(at=at)
    done = 0
    for waiting in list(LedgerProof.objects.filter(ended_at=None).order_by("id")):
        proof = carry_out_proof(proof=waiting, at=at)
        if proof is None:
            continue
        done += 1
        if proof.found:
            logger.error("The proof of the ledger found %s differences: %s", proof.found, proof.findings[:5])
    return done
