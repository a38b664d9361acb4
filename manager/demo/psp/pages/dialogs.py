"""The dialogs where a person approves or refuses: 3-D Secure of a bank, TWINT, PayPal."""

from html import escape

from manager.demo.provider.store import Thing
from manager.demo.psp.pages.checkout import success
from manager.demo.psp.pages.layout import Page, frame, money, not_found, redirect, with_query
from manager.demo.psp.problems import ApiProblem
from manager.demo.psp.resources import checkout_sessions, payment_intents, setup_intents
from manager.demo.psp.sandbox import Call

TITLES = {
    "3ds": ("3-D Secure", "Your bank asks you to approve this payment."),
    "twint": ("TWINT", "Approve this payment in your TWINT app."),
    "paypal": ("PayPal", "Approve this payment with your PayPal account."),
}


def visit(call: Call, identifier: str, *, method: str, fields: dict[str, str]) -> Page:
    """Show the dialog, or take the decision."""
    setup = identifier.startswith("seti_")
    intent = call.store.get("setup_intent" if setup else "payment_intent", identifier)
    if intent is None:
        return not_found()
    dialog = intent.get("_dialog")
    if intent["status"] != "requires_action" or dialog is None:
        return over(call, intent)
    if method != "POST" or fields.get("decision") not in ("approve", "refuse"):
        return show(intent, dialog["kind"])
    means = call.thing("payment_method", intent["payment_method"])
    intent["_return"] = dialog["return_url"]
    decide(call, intent, means, approve=fields["decision"] == "approve")
    return leave(call, intent)


def decide(call: Call, intent: Thing, means: Thing, *, approve: bool) -> None:
    """Carry the decision out; a decline after approval stays with the intent."""
    resource = setup_intents if intent["object"] == "setup_intent" else payment_intents
    if not approve:
        resource.refuse(call, intent, means)
        return
    try:
        resource.confirm_intent(call, intent, means, approved=True)
    except ApiProblem:
        return


def leave(call: Call, intent: Thing) -> Page:
    """Send the person back: to the end of the checkout, to its page again, or to the return address."""
    session = call.store.get("checkout.session", intent.get("_session", ""))
    done = intent["status"] in ("succeeded", "processing")
    if session is not None and done and session["status"] == "open":
        checkout_sessions.complete(call, session)
        return redirect(success(session))
    if session is not None:
        problem = intent.get("last_payment_error") or intent.get("last_setup_error") or {}
        session["_problem"] = problem.get("message", "")
        call.store.put(session)
        return redirect(f"/pay/{session['id']}")
    call.store.put(intent)
    return redirect(
        with_query(
            intent["_return"],
            **{intent["object"]: intent["id"], "redirect_status": "succeeded" if done else "failed"},
        )
    )


def over(call: Call, intent: Thing) -> Page:
    """Answer a dialog that was decided before (a second click, the back button)."""
    if intent.get("_session") or intent.get("_return"):
        return leave(call, intent)
    text = "<h2>Nothing to approve</h2><p>This payment does not wait for you.</p>"
    return frame("Nothing to approve", f'<section class="panel">{text}</section>', status=410)


def show(intent: Thing, kind: str) -> Page:
    """Return the dialog."""
    name, text = TITLES[kind]
    setup = intent["object"] == "setup_intent"
    if setup:
        text = text.replace("this payment", "later charges")
    amount = "" if setup else f"<dt>Amount</dt><dd>{escape(money(intent['amount'], intent['currency']))}</dd>"
    purpose = "Keep for later charges" if setup else (intent.get("description") or "Payment")
    kept = (
        '<p class="hint">You also allow later charges without a new approval.</p>'
        if intent.get("setup_future_usage") == "off_session"
        else ""
    )
    content = f"""<section class="panel" aria-labelledby="dialog-title">
<span class="badge {kind}">{name}</span>
<h2 id="dialog-title">{text}</h2>
<dl>{amount}<dt>Purpose</dt><dd>{escape(purpose)}</dd></dl>
<form method="post" action="/dialog/{intent["id"]}">
<button type="submit" name="decision" value="approve">Approve</button>
<button type="submit" name="decision" value="refuse" class="quiet">Refuse</button>
</form>
{kept}</section>"""
    return frame(f"{name}: approve", content)
