"""Charges: written when a bank was asked, whether it said yes or no."""

import time
from typing import Any

from manager.demo.provider.store import Thing
from manager.demo.psp.cards import decline_details
from manager.demo.psp.resources.listing import listed
from manager.demo.psp.sandbox import Call, new_id


def record_charge(call: Call, intent: Thing, method: Thing, *, off_session: bool, reason: str = "") -> Thing:
    """Record a charge, failed where there is a reason, and write it into the journal."""
    details = decline_details(reason) if reason else {}
    charge = call.store.put(
        {
            "id": new_id("ch"),
            "object": "charge",
            "created": int(time.time()),
            "livemode": False,
            "amount": intent["amount"],
            "amount_captured": 0 if reason else intent["amount"],
            "amount_refunded": 0,
            "balance_transaction": None if reason else book_charge(call, intent)["id"],
            "captured": not reason,
            "currency": intent["currency"],
            "customer": intent["customer"],
            "description": intent["description"],
            "disputed": False,
            "failure_code": details.get("code"),
            "failure_message": details.get("message"),
            "metadata": dict(intent["metadata"]),
            "paid": not reason,
            "payment_intent": intent["id"],
            "payment_method": method["id"],
            "payment_method_details": {"type": method["type"], method["type"]: method[method["type"]]},
            "refunded": False,
            "status": "failed" if reason else "succeeded",
        }
    )
    call.sandbox.write_journal(
        "charge",
        charge,
        key=call.key,
        customer=intent["customer"],
        payment_method=method["id"],
        off_session=off_session,
        decline_code=reason,
    )
    call.sandbox.emit("charge.failed" if reason else "charge.succeeded", charge, key=call.key)
    return charge


def book_charge(call: Call, intent: Thing) -> Thing:
    """Write what the charge brings, less the fee."""
    rate, fixed = call.sandbox.fees
    fee = min(intent["amount"], (intent["amount"] * rate + 5_000) // 10_000 + fixed)
    return call.store.put(
        {
            "id": new_id("txn"),
            "object": "balance_transaction",
            "created": int(time.time()),
            "amount": intent["amount"],
            "currency": intent["currency"],
            "fee": fee,
            "net": intent["amount"] - fee,
            "type": "charge",
        }
    )


def retrieve(call: Call) -> Thing:
    """Return a charge."""
    return call.thing("charge")


def list_all(call: Call) -> dict[str, Any]:
    """Return charges, of one customer or intent if asked."""
    customer, intent = call.text("customer"), call.text("payment_intent")
    return listed(
        call,
        "charge",
        "/v1/charges",
        keep=lambda thing: customer in ("", thing["customer"]) and intent in ("", thing["payment_intent"]),
    )
