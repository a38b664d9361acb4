"""Checkout sessions: a hosted page to pay one basket or to save a means, so that the panel sees no card."""

import time
from typing import Any

from manager.demo.provider.store import Thing
from manager.demo.psp.problems import invalid
from manager.demo.psp.resources import payment_intents, setup_intents
from manager.demo.psp.resources.listing import listed
from manager.demo.psp.sandbox import Call, as_integer, new_id

CREATE = (
    "mode",
    "customer",
    "client_reference_id",
    "currency",
    "success_url",
    "cancel_url",
    "locale",
    "expires_at",
    "allowed_payment_method_types",
    "metadata.*",
    "line_items.quantity",
    "line_items.price_data.currency",
    "line_items.price_data.unit_amount",
    "line_items.price_data.product_data.name",
    "line_items.price_data.product_data.description",
    "payment_intent_data.description",
    "payment_intent_data.metadata.*",
    "payment_intent_data.setup_future_usage",
    "setup_intent_data.metadata.*",
    "setup_intent_data.description",
)
LONGEST_SECONDS = 24 * 3600
SHORTEST_SECONDS = 30 * 60


def create(call: Call) -> Thing:
    """Open a page."""
    mode = call.required("mode")
    if mode not in ("payment", "setup"):
        raise invalid(f"Invalid mode: {mode}", param="mode")
    customer = call.text("customer")
    if customer:
        call.thing("customer", customer, param="customer")
    lines = lines_of(call) if mode == "payment" else []
    identifier = new_id("cs_test")
    now = int(time.time())
    session = {
        "id": identifier,
        "object": "checkout.session",
        "created": now,
        "livemode": False,
        "mode": mode,
        "status": "open",
        "payment_status": "unpaid" if mode == "payment" else "no_payment_required",
        "amount_total": sum(line["amount"] for line in lines) if lines else None,
        "amount_subtotal": sum(line["amount"] for line in lines) if lines else None,
        "currency": lines[0]["currency"] if lines else call.required("currency"),
        "customer": customer or None,
        "client_reference_id": call.text("client_reference_id") or None,
        "metadata": call.metadata(),
        "payment_method_types": call.choices("allowed_payment_method_types") or ["card"],
        "payment_intent": None,
        "setup_intent": None,
        "locale": call.text("locale") or None,
        "success_url": address(call, "success_url"),
        "cancel_url": address(call, "cancel_url"),
        "expires_at": expiry(call, now),
        "url": f"{call.sandbox.public_url}/pay/{identifier}",
        "_lines": lines,
        "_problem": "",
    }
    attach_intent(call, session)
    return call.store.put(session)


def attach_intent(call: Call, session: Thing) -> None:
    """Prepare what the page will confirm; shown in the session only once the person has begun."""
    customer, kinds = session["customer"], session["payment_method_types"]
    if session["mode"] == "setup":
        data = call.group("setup_intent_data")
        intent = setup_intents.new_intent(
            call, customer=customer, kinds=kinds, metadata=call.metadata(within=data), _session=session["id"]
        )
    else:
        data = call.group("payment_intent_data")
        intent = payment_intents.new_intent(
            call,
            amount=session["amount_total"],
            currency=session["currency"],
            customer=customer,
            kinds=kinds,
            description=data.get("description"),
            setup_future_usage=data.get("setup_future_usage"),
            metadata=call.metadata(within=data),
            _session=session["id"],
        )
    session["setup_intent" if session["mode"] == "setup" else "payment_intent"] = intent["id"]


def lines_of(call: Call) -> list[Thing]:
    """Return the lines of a basket: name, quantity, amount; all in one currency."""
    given = call.params.get("line_items")
    if not isinstance(given, list) or not given:
        raise invalid("You must provide line_items.", param="line_items", code="parameter_missing")
    lines = []
    for item in given:
        price = item.get("price_data") or {}
        quantity = as_integer(str(item.get("quantity", "1")), "line_items[quantity]")
        unit = as_integer(str(price.get("unit_amount", "")), "line_items[price_data][unit_amount]")
        if quantity < 1 or unit < 0:
            raise invalid("Quantities are at least 1, amounts at least 0.", param="line_items")
        name = (price.get("product_data") or {}).get("name") or "Payment"
        currency = str(price.get("currency", "")).lower()
        lines.append({"name": name, "quantity": quantity, "amount": quantity * unit, "currency": currency})
    if len({line["currency"] for line in lines}) != 1:
        raise invalid("All lines have the same currency.", param="line_items")
    return lines


def address(call: Call, name: str) -> str:
    """Return an address to come back to."""
    value = call.required(name)
    if not value.startswith(("http://", "https://")) or any(ord(sign) <= 32 for sign in value):
        raise invalid(f"Not a valid URL: {name}", param=name, code="url_invalid")
    return value


def expiry(call: Call, now: int) -> int:
    """Return when the page closes: 30 minutes to 24 hours from now."""
    moment = call.integer("expires_at", now + LONGEST_SECONDS)
    if not now + SHORTEST_SECONDS - 60 <= moment <= now + LONGEST_SECONDS + 60:
        raise invalid("The expires_at timestamp must be 30 minutes to 24 hours from now.", param="expires_at")
    return moment


def intent_of(call: Call, session: Thing) -> Thing:
    """Return the intent behind a session."""
    kind = "setup_intent" if session["mode"] == "setup" else "payment_intent"
    return call.thing(kind, session[kind])


def complete(call: Call, session: Thing) -> Thing:
    """Close a session whose intent succeeded (or is being processed)."""
    session["status"] = "complete"
    session["url"] = None
    if session["mode"] == "payment":
        paid = intent_of(call, session)["status"] == "succeeded"
        session["payment_status"] = "paid" if paid else "unpaid"
    call.sandbox.emit("checkout.session.completed", session)
    return call.store.put(session)


def expire(call: Call) -> Thing:
    """Close a session so that nobody can pay there any more."""
    session = current(call, call.thing("checkout.session"))
    if session["status"] != "open":
        raise invalid(f"Only open sessions can be expired; this one is {session['status']}.")
    return close(call, session)


def close(call: Call, session: Thing) -> Thing:
    """Close an open session and its intent."""
    intent = intent_of(call, session)
    if intent["status"] in payment_intents.OPEN:
        kind = setup_intents if session["mode"] == "setup" else payment_intents
        kind.cancel_intent(call, intent)
    session["status"] = "expired"
    session["url"] = None
    call.sandbox.emit("checkout.session.expired", session, key=call.key)
    return call.store.put(session)


def current(call: Call, session: Thing) -> Thing:
    """Return a session, closed first where its time is over."""
    if session["status"] == "open" and session["expires_at"] <= time.time():
        close(call, session)
    return session


def retrieve(call: Call) -> Thing:
    """Return a session."""
    return current(call, call.thing("checkout.session"))


def list_all(call: Call) -> dict[str, Any]:
    """Return sessions, of one customer, intent or status if asked."""
    wanted = {name: call.text(name) for name in ("customer", "payment_intent", "status") if call.text(name)}
    return listed(
        call,
        "checkout.session",
        "/v1/checkout/sessions",
        keep=lambda thing: all(thing[name] == value for name, value in wanted.items()),
    )
