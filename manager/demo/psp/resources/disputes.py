"""Disputes: the payer's bank takes a charge back, and decides later whose the money is."""

import time
from typing import Any

from manager.demo.provider.store import Thing
from manager.demo.psp.problems import invalid
from manager.demo.psp.resources.listing import listed
from manager.demo.psp.sandbox import Call, Sandbox, new_id

FEE = 1500
ANSWER_WITHIN = 7 * 24 * 3600


def open_dispute(sandbox: Sandbox, charge: Thing, *, reason: str = "fraudulent") -> Thing:
    """Take a charge back."""
    if charge["disputed"] or not charge["paid"]:
        raise invalid("This charge cannot be disputed.")
    charge["disputed"] = True
    sandbox.store.put(charge)
    now = int(time.time())
    dispute = sandbox.store.put(
        {
            "id": new_id("dp"),
            "object": "dispute",
            "created": now,
            "livemode": False,
            "amount": charge["amount"] - charge["amount_refunded"],
            "currency": charge["currency"],
            "charge": charge["id"],
            "payment_intent": charge["payment_intent"],
            "reason": reason,
            "status": "needs_response",
            "is_charge_refundable": False,
            "evidence_details": {"due_by": now + ANSWER_WITHIN, "has_evidence": False},
            "balance_transactions": [],
            "metadata": {},
        }
    )
    sandbox.emit("charge.dispute.created", dispute)
    _book(dispute, -dispute["amount"], FEE)
    sandbox.store.put(dispute)
    sandbox.emit("charge.dispute.funds_withdrawn", dispute)
    return dispute


def close_dispute(sandbox: Sandbox, dispute: Thing, *, won: bool) -> Thing:
    """Decide a dispute."""
    if dispute["status"] not in {"needs_response", "under_review"}:
        raise invalid("This dispute is decided.")
    dispute["status"] = "won" if won else "lost"
    if won:
        _book(dispute, dispute["amount"], 0)
    sandbox.store.put(dispute)
    if won:
        sandbox.emit("charge.dispute.funds_reinstated", dispute)
    sandbox.emit("charge.dispute.closed", dispute)
    return dispute


def _book(dispute: Thing, amount: int, fee: int) -> None:
    dispute["balance_transactions"].append(
        {
            "id": new_id("txn"),
            "object": "balance_transaction",
            "amount": amount,
            "currency": dispute["currency"],
            "fee": fee,
            "net": amount - fee,
            "type": "adjustment",
        }
    )


def retrieve(call: Call) -> Thing:
    """Return a dispute."""
    return call.thing("dispute")


def list_all(call: Call) -> dict[str, Any]:
    """Return disputes, of one intent if asked."""
    intent = call.text("payment_intent")
    return listed(call, "dispute", "/v1/disputes", keep=lambda thing: intent in ("", thing["payment_intent"]))
