"""Payment methods: cards by test number or token, TWINT and PayPal after their dialogs."""

import hashlib
import re
import time
from typing import Any

from manager.demo.provider.store import Thing
from manager.demo.psp.cards import BY_NUMBER, BY_TOKEN, TestCard, decline_details, passes_luhn
from manager.demo.psp.problems import ApiProblem, invalid, missing
from manager.demo.psp.resources.listing import listed
from manager.demo.psp.sandbox import Call, as_integer, new_id

KINDS = ("card", "twint", "paypal")
CREATE = (
    "type",
    "card.number",
    "card.exp_month",
    "card.exp_year",
    "card.cvc",
    "metadata.*",
    "twint",
    "paypal",
)


def create(call: Call) -> Thing:
    """Make a payment method out of a card number, or an empty one for TWINT and PayPal."""
    kind = call.required("type")
    if kind != "card":
        return new_method(call, kind, metadata=call.metadata())
    card = call.group("card")
    number = re.sub(r"\D", "", str(card.get("number", "")))
    return new_method(
        call,
        "card",
        card=card_for(number),
        exp_month=as_integer(str(card.get("exp_month", "12")), "card[exp_month]"),
        exp_year=as_integer(str(card.get("exp_year", "2034")), "card[exp_year]"),
        metadata=call.metadata(),
    )


def card_for(number: str) -> TestCard:
    """Return the test card with this number, or answer as for a mistyped or a real one."""
    if number in BY_NUMBER:
        return BY_NUMBER[number]
    if not 12 <= len(number) <= 19 or not passes_luhn(number):
        raise ApiProblem(
            402, "card_error", "Your card number is incorrect.", code="incorrect_number", param="number"
        )
    raise ApiProblem(
        402,
        "card_error",
        "Your card was declined. This is a sandbox: only test cards work here.",
        code="card_declined",
        decline_code="test_mode_live_card",
        param="number",
    )


def new_method(
    call: Call,
    kind: str,
    *,
    card: TestCard | None = None,
    exp_month: int = 12,
    exp_year: int = 2034,
    metadata: dict[str, str] | None = None,
) -> Thing:
    """Record a payment method that belongs to nobody yet."""
    if kind not in KINDS:
        raise invalid(f"Invalid type: {kind}", param="type")
    method: Thing = {
        "id": new_id("pm"),
        "object": "payment_method",
        "created": int(time.time()),
        "livemode": False,
        "type": kind,
        "customer": None,
        "allow_redisplay": "unspecified",
        "metadata": metadata or {},
        "billing_details": {"address": None, "email": None, "name": None, "phone": None},
        "_behaviour": card.behaviour if card is not None else "ok",
        "_saved_with_approval": False,
    }
    if card is not None:
        method["card"] = {
            "brand": card.brand,
            "display_brand": card.brand,
            "country": "CH",
            "exp_month": exp_month,
            "exp_year": exp_year,
            "fingerprint": hashlib.sha256(card.number.encode()).hexdigest()[:16],
            "funding": "credit",
            "last4": card.number[-4:],
            "networks": {"available": [card.brand], "preferred": None},
            "three_d_secure_usage": {"supported": True},
            "wallet": None,
        }
    elif kind == "paypal":
        method["paypal"] = {"country": "CH", "payer_email": "buyer@example.com", "payer_id": new_id("payer")}
    else:
        method["twint"] = {}
    return call.store.put(method)


def resolve(call: Call, identifier: str) -> Thing:
    """Return a payment method by id, or a new one for a token such as `pm_card_visa`."""
    if identifier in BY_TOKEN:
        return new_method(call, "card", card=BY_TOKEN[identifier])
    found = call.store.get("payment_method", identifier)
    if found is None:
        raise missing("PaymentMethod", identifier, param="payment_method", status=400)
    return found


def attach_to(call: Call, method: Thing, customer: Thing) -> Thing:
    """Save a method with a customer; a card that declines everything cannot be saved."""
    behaviour, _, reason = method["_behaviour"].partition(":")
    if behaviour == "decline" and method["customer"] is None:
        raise ApiProblem(402, "card_error", **_problem(reason))
    if method["customer"] not in (None, customer["id"]):
        raise invalid("The payment method is attached to another customer already.")
    method["customer"] = customer["id"]
    return call.store.put(method)


def _problem(reason: str) -> dict[str, Any]:
    return {name: value for name, value in decline_details(reason).items() if value is not None}


def attach(call: Call) -> Thing:
    """Save a method with a customer, without approval."""
    method = resolve(call, call.ids["id"])
    return attach_to(call, method, call.thing("customer", call.required("customer"), param="customer"))


def detach(call: Call) -> Thing:
    """Forget a saved method for good."""
    method = call.thing("payment_method")
    if method["customer"] is None:
        raise invalid(
            "The payment method you provided is not attached to a customer so detachment is impossible."
        )
    method["customer"] = None
    method["_detached"] = True
    call.sandbox.emit("payment_method.detached", method, key=call.key)
    return call.store.put(method)


def retrieve(call: Call) -> Thing:
    """Return a payment method."""
    return call.thing("payment_method")


def list_all(call: Call) -> dict[str, Any]:
    """Return a customer's saved methods, of one type if asked."""
    customer = call.ids.get("customer") or call.required("customer")
    kind = call.text("type")
    return listed(
        call,
        "payment_method",
        "/v1/payment_methods",
        keep=lambda thing: thing["customer"] == customer and kind in ("", thing["type"]),
    )
