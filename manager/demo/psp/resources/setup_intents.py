"""Setup intents: save a means for later charges, with the person's approval where the bank asks for it."""

import time
from typing import Any

from manager.demo.provider.store import Thing
from manager.demo.psp.problems import invalid
from manager.demo.psp.resources.confirmation import ask_for_approval, clear_action, judge, problem_for
from manager.demo.psp.resources.payment_methods import attach_to, resolve
from manager.demo.psp.sandbox import Call, new_id

CREATE = (
    "customer",
    "payment_method",
    "allowed_payment_method_types",
    "confirm",
    "usage",
    "return_url",
    "metadata.*",
)
CONFIRM = ("payment_method", "return_url")
OPEN = ("requires_payment_method", "requires_confirmation", "requires_action")


def new_intent(call: Call, *, customer: str | None, kinds: list[str], **more: Any) -> Thing:
    """Record a setup intent that waits for its means."""
    identifier = new_id("seti")
    return call.store.put(
        {
            "id": identifier,
            "object": "setup_intent",
            "created": int(time.time()),
            "livemode": False,
            "customer": customer,
            "status": "requires_payment_method",
            "payment_method": None,
            "payment_method_types": kinds or ["card"],
            "client_secret": f"{identifier}_secret_{new_id('s')}",
            "last_setup_error": None,
            "next_action": None,
            "usage": "off_session",
            "metadata": {},
            **more,
        }
    )


def create(call: Call) -> Thing:
    """Make a setup intent and, with `confirm`, save the means."""
    customer = call.text("customer")
    if customer:
        call.thing("customer", customer, param="customer")
    intent = new_intent(
        call,
        customer=customer or None,
        kinds=call.choices("allowed_payment_method_types"),
        metadata=call.metadata(),
    )
    if call.text("payment_method"):
        intent["payment_method"] = call.text("payment_method")
        intent["status"] = "requires_confirmation"
    return confirm_with_params(call, intent) if call.flag("confirm") else intent


def confirm(call: Call) -> Thing:
    """Save the means of a setup intent that waits."""
    return confirm_with_params(call, call.thing("setup_intent"))


def confirm_with_params(call: Call, intent: Thing) -> Thing:
    """Confirm with what the request says."""
    identifier = call.text("payment_method") or intent["payment_method"] or ""
    if not identifier:
        raise invalid(
            "A payment method is needed to confirm.", param="payment_method", code="parameter_missing"
        )
    return confirm_intent(call, intent, resolve(call, identifier), return_url=call.text("return_url"))


def confirm_intent(
    call: Call, intent: Thing, method: Thing, *, approved: bool = False, return_url: str = ""
) -> Thing:
    """Save a means; a decline is stored with the intent and raised."""
    if intent["status"] not in OPEN:
        raise invalid(
            f"This SetupIntent has a status of {intent['status']}.", code="setup_intent_unexpected_state"
        )
    if method["type"] not in intent["payment_method_types"]:
        raise invalid(f"The PaymentMethod type {method['type']} is not allowed.", param="payment_method")
    verdict = judge(method, off_session=False, approved=approved, charging=False)
    if verdict.kind == "approve":
        return ask_for_approval(call, intent, method, return_url=return_url)
    clear_action(intent)
    if verdict.kind == "decline":
        fail(call, intent, method, verdict.reason)
        raise problem_for(verdict.reason, method, setup_intent=intent)
    intent["status"] = "succeeded"
    intent["payment_method"] = method["id"]
    intent["last_setup_error"] = None
    if intent["customer"]:
        attach_to(call, method, call.thing("customer", intent["customer"], param="customer"))
    method["_saved_with_approval"] = approved or method["_saved_with_approval"]
    call.store.put(method)
    call.sandbox.emit("setup_intent.succeeded", intent, key=call.key)
    return call.store.put(intent)


def fail(call: Call, intent: Thing, method: Thing, reason: str) -> Thing:
    """Record that the means was not saved; the intent waits for another."""
    clear_action(intent)
    intent["status"] = "requires_payment_method"
    intent["payment_method"] = None
    intent["last_setup_error"] = problem_for(reason, method).error
    call.sandbox.emit("setup_intent.setup_failed", intent, key=call.key)
    return call.store.put(intent)


def refuse(call: Call, intent: Thing, method: Thing) -> Thing:
    """Record that the person did not approve."""
    card = method["type"] == "card"
    reason = "setup_intent_authentication_failure" if card else "payment_method_customer_decline"
    return fail(call, intent, method, reason)


def cancel(call: Call) -> Thing:
    """Close a setup intent."""
    return cancel_intent(call, call.thing("setup_intent"))


def cancel_intent(call: Call, intent: Thing) -> Thing:
    """Close a setup intent unless it is done."""
    if intent["status"] not in OPEN:
        raise invalid(
            f"This SetupIntent has a status of {intent['status']}.", code="setup_intent_unexpected_state"
        )
    clear_action(intent)
    intent["status"] = "canceled"
    return call.store.put(intent)


def retrieve(call: Call) -> Thing:
    """Return a setup intent."""
    return call.thing("setup_intent")
