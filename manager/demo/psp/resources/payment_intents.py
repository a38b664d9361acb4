"""Payment intents: one sum from one customer, through declines and approval, to at most one charge."""

import re
import time
from typing import Any

from manager.demo.provider.store import Thing
from manager.demo.psp.problems import invalid
from manager.demo.psp.resources.charges import record_charge
from manager.demo.psp.resources.confirmation import ask_for_approval, clear_action, judge, problem_for
from manager.demo.psp.resources.disputes import open_dispute
from manager.demo.psp.resources.listing import listed
from manager.demo.psp.resources.payment_methods import resolve
from manager.demo.psp.sandbox import Call, as_integer, new_id

KINDS_IN = {"chf": ("card", "twint", "paypal"), "eur": ("card", "paypal")}
MINIMUM = 50
CREATE = (
    "amount",
    "currency",
    "customer",
    "payment_method",
    "allowed_payment_method_types",
    "confirm",
    "off_session",
    "return_url",
    "description",
    "setup_future_usage",
    "metadata.*",
)
CONFIRM = (
    "payment_method",
    "return_url",
    "off_session",
    "allowed_payment_method_types",
    "setup_future_usage",
)
OPEN = ("requires_payment_method", "requires_confirmation", "requires_action")
QUERY = re.compile(r"""metadata\[["'](?P<key>[^"']+)["']\]\s*:\s*["'](?P<value>[^"']*)["']""")


def new_intent(
    call: Call, *, amount: int, currency: str, customer: str | None, kinds: list[str], **more: Any
) -> Thing:
    """Record an intent that waits for its means."""
    currency = currency.lower()
    if not re.fullmatch(r"[a-z]{3}", currency):
        raise invalid(f"Invalid currency: {currency}", param="currency")
    if amount < MINIMUM:
        raise invalid("The amount is too small.", param="amount", code="amount_too_small")
    for kind in kinds:
        if kind not in KINDS_IN.get(currency, ("card",)):
            raise invalid(
                f"The payment method type {kind} does not take {currency}.",
                param="allowed_payment_method_types",
            )
    identifier = new_id("pi")
    return call.store.put(
        {
            "id": identifier,
            "object": "payment_intent",
            "created": int(time.time()),
            "livemode": False,
            "amount": amount,
            "amount_received": 0,
            "currency": currency,
            "customer": customer,
            "status": "requires_payment_method",
            "payment_method": None,
            "payment_method_types": kinds or list(KINDS_IN.get(currency, ("card",))),
            "client_secret": f"{identifier}_secret_{new_id('s')}",
            "latest_charge": None,
            "last_payment_error": None,
            "next_action": None,
            "canceled_at": None,
            "cancellation_reason": None,
            "setup_future_usage": None,
            "description": None,
            "metadata": {},
            **more,
        }
    )


def create(call: Call) -> Thing:
    """Make an intent and, with `confirm`, take the money."""
    customer = call.text("customer")
    if customer:
        call.thing("customer", customer, param="customer")
    if call.flag("off_session") and not call.flag("confirm"):
        raise invalid("off_session can only be used with confirm=true.", param="off_session")
    intent = new_intent(
        call,
        amount=as_integer(call.required("amount"), "amount"),
        currency=call.required("currency"),
        customer=customer or None,
        kinds=call.choices("allowed_payment_method_types"),
        description=call.text("description") or None,
        setup_future_usage=call.text("setup_future_usage") or None,
        metadata=call.metadata(),
    )
    if call.text("payment_method"):
        intent["payment_method"] = call.text("payment_method")
        intent["status"] = "requires_confirmation"
    if not call.flag("confirm"):
        return intent
    try:
        return confirm_with_params(call, intent)
    except Exception:
        # Refused as a request (not declined by the bank): then Stripe keeps no intent either.
        if intent["latest_charge"] is None and intent["last_payment_error"] is None:
            call.store.remove(intent)
        raise


def confirm(call: Call) -> Thing:
    """Take the money of an intent that waits."""
    return confirm_with_params(call, call.thing("payment_intent"))


def confirm_with_params(call: Call, intent: Thing) -> Thing:
    """Confirm with what the request says."""
    identifier = call.text("payment_method") or intent["payment_method"] or ""
    if not identifier:
        raise invalid(
            "A payment method is needed to confirm.", param="payment_method", code="parameter_missing"
        )
    return confirm_intent(
        call,
        intent,
        resolve(call, identifier),
        off_session=call.flag("off_session"),
        return_url=call.text("return_url"),
    )


def confirm_intent(
    call: Call,
    intent: Thing,
    method: Thing,
    *,
    off_session: bool = False,
    approved: bool = False,
    return_url: str = "",
) -> Thing:
    """Use a means for an intent; a decline is stored with it and raised."""
    check_usable(intent, method, off_session=off_session)
    verdict = judge(method, off_session=off_session, approved=approved, charging=True)
    if verdict.kind == "approve":
        ask_for_approval(call, intent, method, return_url=return_url)
        call.sandbox.emit("payment_intent.requires_action", intent, key=call.key)
        return intent
    clear_action(intent)
    if verdict.kind == "decline":
        decline(call, intent, method, verdict.reason, off_session=off_session)
        raise problem_for(verdict.reason, method, payment_intent=intent, charge=intent["latest_charge"])
    intent["payment_method"] = method["id"]
    intent["last_payment_error"] = None
    if verdict.kind == "processing":
        intent["status"] = "processing"
        call.sandbox.emit("payment_intent.processing", intent, key=call.key)
        return call.store.put(intent)
    return succeed(call, intent, method, off_session=off_session, approved=approved)


def check_usable(intent: Thing, method: Thing, *, off_session: bool) -> None:
    """Answer 400 where the intent is closed or the means does not fit."""
    if intent["status"] not in OPEN:
        raise invalid(
            f"This PaymentIntent's payment_method could not be updated: its status is {intent['status']}.",
            code="payment_intent_unexpected_state",
        )
    if method["type"] not in intent["payment_method_types"]:
        raise invalid(f"The PaymentMethod type {method['type']} is not allowed.", param="payment_method")
    if method.get("_detached"):
        raise invalid(
            "The provided PaymentMethod was previously detached and may not be used again.",
            param="payment_method",
            code="payment_method_unexpected_state",
        )
    if method["customer"] not in (None, intent["customer"]):
        raise invalid("The payment method belongs to another customer.", param="payment_method")
    if off_session and method["customer"] is None:
        raise invalid("An off-session charge needs a saved payment method.", param="payment_method")


def succeed(call: Call, intent: Thing, method: Thing, *, off_session: bool, approved: bool) -> Thing:
    """Take the money: the only place where a charge succeeds."""
    intent["status"] = "succeeded"
    intent["amount_received"] = intent["amount"]
    intent["latest_charge"] = record_charge(call, intent, method, off_session=off_session)["id"]
    if intent["setup_future_usage"] == "off_session" and intent["customer"]:
        method["customer"] = intent["customer"]
        method["_saved_with_approval"] = approved or method["_saved_with_approval"]
        call.store.put(method)
    call.sandbox.emit("payment_intent.succeeded", intent, key=call.key)
    if method["_behaviour"] == "dispute":
        open_dispute(call.sandbox, call.thing("charge", intent["latest_charge"]))
    return call.store.put(intent)


def decline(call: Call, intent: Thing, method: Thing, reason: str, *, off_session: bool) -> Thing:
    """Record that the bank said no; the intent waits for another means."""
    charge = record_charge(call, intent, method, off_session=off_session, reason=reason)
    intent["status"] = "requires_payment_method"
    intent["payment_method"] = None
    intent["latest_charge"] = charge["id"]
    intent["last_payment_error"] = problem_for(reason, method, charge=charge["id"]).error
    call.sandbox.emit("payment_intent.payment_failed", intent, key=call.key)
    return call.store.put(intent)


def refuse(call: Call, intent: Thing, method: Thing) -> Thing:
    """Record that the person did not approve; no charge was tried."""
    reason = (
        "payment_intent_authentication_failure"
        if method["type"] == "card"
        else "payment_method_customer_decline"
    )
    clear_action(intent)
    intent["status"] = "requires_payment_method"
    intent["payment_method"] = None
    intent["last_payment_error"] = problem_for(reason, method).error
    call.sandbox.emit("payment_intent.payment_failed", intent, key=call.key)
    return call.store.put(intent)


def cancel(call: Call) -> Thing:
    """Close an intent so that it cannot be paid any more."""
    return cancel_intent(call, call.thing("payment_intent"), call.text("cancellation_reason"))


def cancel_intent(call: Call, intent: Thing, reason: str = "") -> Thing:
    """Close an intent, unless it is paid, being paid or closed."""
    if intent["status"] not in OPEN:
        raise invalid(
            f"You cannot cancel this PaymentIntent because it has a status of {intent['status']}.",
            code="payment_intent_unexpected_state",
        )
    clear_action(intent)
    intent["status"] = "canceled"
    intent["canceled_at"] = int(time.time())
    intent["cancellation_reason"] = reason or None
    call.sandbox.emit("payment_intent.canceled", intent, key=call.key)
    return call.store.put(intent)


def retrieve(call: Call) -> Thing:
    """Return an intent."""
    return call.thing("payment_intent")


def list_all(call: Call) -> dict[str, Any]:
    """Return intents, of one customer if asked."""
    customer = call.text("customer")
    return listed(
        call,
        "payment_intent",
        "/v1/payment_intents",
        keep=lambda thing: customer in ("", thing["customer"]),
    )


def search(call: Call) -> dict[str, Any]:
    """Return the intents whose metadata holds all the values asked for."""
    wanted = {match["key"]: match["value"] for match in QUERY.finditer(call.required("query"))}
    if not wanted:
        raise invalid("The sandbox searches by metadata only.", param="query")
    page = listed(
        call,
        "payment_intent",
        "/v1/payment_intents/search",
        keep=lambda thing: wanted.items() <= thing["metadata"].items(),
    )
    return {**page, "object": "search_result", "next_page": None}
