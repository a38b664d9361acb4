"""Refunds: all or a part of a charge, never more than was paid."""

import time
from typing import Any

from manager.demo.provider.store import Thing
from manager.demo.psp.problems import invalid, missing
from manager.demo.psp.resources.listing import listed
from manager.demo.psp.sandbox import Call, new_id

CREATE = ("payment_intent", "charge", "amount", "reason", "metadata.*")


def create(call: Call) -> Thing:
    """Give money back."""
    charge = charge_to_refund(call)
    if charge["disputed"]:
        raise invalid(f"Charge {charge['id']} has been charged back.", code="charge_disputed")
    left = charge["amount"] - charge["amount_refunded"]
    if left == 0:
        raise invalid(f"Charge {charge['id']} has already been refunded.", code="charge_already_refunded")
    amount = call.integer("amount", left)
    if not 0 < amount <= left:
        raise invalid(f"Refund amount ({amount}) is greater than what is left ({left}).", param="amount")
    charge["amount_refunded"] += amount
    charge["refunded"] = charge["amount_refunded"] == charge["amount"]
    call.store.put(charge)
    refund = call.store.put(
        {
            "id": new_id("re"),
            "object": "refund",
            "created": int(time.time()),
            "amount": amount,
            "currency": charge["currency"],
            "charge": charge["id"],
            "payment_intent": charge["payment_intent"],
            "reason": call.text("reason") or None,
            "status": "succeeded",
            "failure_reason": None,
            "metadata": call.metadata(),
        }
    )
    call.sandbox.write_journal("refund", refund, key=call.key, charge=charge["id"])
    call.sandbox.emit("charge.refunded", charge, key=call.key)
    call.sandbox.emit("refund.created", refund, key=call.key)
    return refund


def charge_to_refund(call: Call) -> Thing:
    """Return the paid charge that the request names, by itself or by its intent."""
    identifier = call.text("charge")
    if call.text("payment_intent"):
        intent = call.thing("payment_intent", call.text("payment_intent"), param="payment_intent")
        identifier = intent["latest_charge"] or ""
    charge = call.store.get("charge", identifier)
    if charge is None:
        raise missing("charge", identifier, param="charge", status=400)
    if not charge["paid"]:
        raise invalid("This charge was not paid.", code="charge_not_refundable")
    return charge


def retrieve(call: Call) -> Thing:
    """Return a refund."""
    return call.thing("refund")


def list_all(call: Call) -> dict[str, Any]:
    """Return refunds, of one charge or intent if asked."""
    charge, intent = call.text("charge"), call.text("payment_intent")
    return listed(
        call,
        "refund",
        "/v1/refunds",
        keep=lambda thing: charge in ("", thing["charge"]) and intent in ("", thing["payment_intent"]),
    )
