"""The back office's page of the ledger: its latest proof, what did not agree, and the earlier ones."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.sessions.staff import StaffRequest, staff_view
from billing.proof.rights import PROVE_LEDGER
from billing.proof.selectors import get_latest_proof, list_proofs, list_verdicts
from billing.proof.services import ask_proof
from manager.kit.clock import now


@require_safe
@staff_view(PROVE_LEDGER)
def proofs(request: StaffRequest) -> HttpResponse:
    """Show the latest proof by comparison, and the thirty newest."""
    latest = get_latest_proof()
    rows = list_proofs()
    context = {
        "latest": latest,
        "verdicts": list_verdicts(latest) if latest else [],
        "proofs": rows,
        "is_waiting": any(proof.ended_at is None for proof in rows),
    }
    return render(request, "billing/proof/proofs.html", context)


@require_POST
@staff_view(PROVE_LEDGER)
def prove(request: StaffRequest) -> HttpResponse:
    """Ask for a proof now."""
    ask_proof(actor=request.actor, at=now())
    messages.success(request, _("The ledger is being proved. Please load this page again in a moment."))
    return redirect("billing:staff_ledger")
