"""The sandbox's own addresses, under `/_…`: journal, faults, reset, health, means, disputes, fees."""

from collections.abc import Callable
from typing import Any

from manager.demo.provider.deliveries import Endpoint
from manager.demo.provider.store import Thing
from manager.demo.psp.problems import ApiProblem, invalid, missing
from manager.demo.psp.resources import payment_intents
from manager.demo.psp.resources.disputes import close_dispute, open_dispute
from manager.demo.psp.sandbox import Call, Sandbox

Body = Any


def health(sandbox: Sandbox, _body: Body, _id: str) -> dict[str, Any]:
    """Tell that it runs."""
    return {"status": "ok", "webhook_url": sandbox.webhooks.endpoint.url, "public_url": sandbox.public_url}


def journal(sandbox: Sandbox, _body: Body, _id: str) -> dict[str, Any]:
    """Tell every charge and refund, oldest first, with how many webhooks still wait."""
    return {"entries": sandbox.journal(), "webhooks_waiting": sandbox.webhooks.waiting()}


def read_faults(sandbox: Sandbox, _body: Body, _id: str) -> dict[str, Any]:
    """Tell the fault plan and how often each entry was used."""
    return {"faults": sandbox.faults.describe()}


def write_faults(sandbox: Sandbox, body: Body, _id: str) -> dict[str, Any]:
    """Take a new fault plan."""
    try:
        sandbox.faults.replace(body)
    except (TypeError, ValueError) as error:
        raise invalid(str(error)) from error
    return {"faults": sandbox.faults.describe()}


def reset(sandbox: Sandbox, _body: Body, _id: str) -> dict[str, Any]:
    """Forget everything."""
    sandbox.reset()
    return {"status": "ok"}


def webhook(sandbox: Sandbox, body: Body, _id: str) -> dict[str, Any]:
    """Send events elsewhere from now on."""
    if not isinstance(body, dict):
        raise invalid("Send url and secret.")
    url = str(body.get("url", ""))
    sandbox.webhooks.endpoint = Endpoint(url, str(body.get("secret", sandbox.webhooks.endpoint.secret)))
    return {"url": url}


def change_means(sandbox: Sandbox, body: Body, identifier: str) -> dict[str, Any]:
    """Let a saved means behave otherwise (its account runs empty, it is lost) or get a new expiry."""
    method = sandbox.store.get("payment_method", identifier)
    if method is None:
        raise missing("payment_method", identifier)
    if not isinstance(body, dict):
        raise invalid("Send behaviour, or exp_month and exp_year.")
    if "behaviour" in body:
        method["_behaviour"] = str(body["behaviour"])
    if "exp_year" in body and "card" in method:
        method["card"]["last4"] = str(body.get("last4", method["card"]["last4"]))
        method["card"]["exp_month"] = int(body.get("exp_month", 12))
        method["card"]["exp_year"] = int(body["exp_year"])
        sandbox.emit("payment_method.automatically_updated", method)
    sandbox.store.put(method)
    return {"id": identifier, "behaviour": method["_behaviour"]}


def settle(sandbox: Sandbox, body: Body, identifier: str) -> dict[str, Any]:
    """End a charge that is being processed: paid, or declined for a reason."""
    call = Call(sandbox=sandbox)
    intent = call.thing("payment_intent", identifier)
    if intent["status"] != "processing":
        raise invalid("Only a payment that is being processed can be settled.")
    method: Thing = call.thing("payment_method", intent["payment_method"])
    reason = str(body.get("decline", "")) if isinstance(body, dict) else ""
    if reason:
        payment_intents.decline(call, intent, method, reason, off_session=False)
    else:
        payment_intents.succeed(call, intent, method, off_session=False, approved=False)
    return {"status": intent["status"]}


def dispute(sandbox: Sandbox, body: Body, identifier: str) -> dict[str, Any]:
    """Dispute the charge of a payment intent, or decide a dispute: `{"won": true}`."""
    asked = body if isinstance(body, dict) else {}
    known = sandbox.store.get("dispute", identifier)
    if known is not None:
        close_dispute(sandbox, known, won=bool(asked.get("won")))
        return {"id": identifier, "status": known["status"]}
    call = Call(sandbox=sandbox)
    intent = call.thing("payment_intent", identifier)
    opened = open_dispute(
        sandbox, call.thing("charge", intent["latest_charge"]), reason=str(asked.get("reason", "fraudulent"))
    )
    return {"id": opened["id"], "status": opened["status"]}


def fail_refund(sandbox: Sandbox, _body: Body, identifier: str) -> dict[str, Any]:
    """Let the money of a refund that was made come back, as from an account that was closed."""
    refund = Call(sandbox=sandbox).thing("refund", identifier)
    refund["status"], refund["failure_reason"] = "failed", "expired_or_canceled_card"
    sandbox.store.put(refund)
    sandbox.emit("refund.failed", refund)
    return {"id": identifier, "status": refund["status"]}


def fees(sandbox: Sandbox, body: Body, _id: str) -> dict[str, Any]:
    """Keep a fee of each charge from now on: a rate in basis points and a fixed part."""
    asked = body if isinstance(body, dict) else {}
    sandbox.fees = (int(asked.get("basis_points", 0)), int(asked.get("fixed", 0)))
    return {"basis_points": sandbox.fees[0], "fixed": sandbox.fees[1]}


ADDRESSES: dict[tuple[str, str], Callable[[Sandbox, Body, str], dict[str, Any]]] = {
    ("GET", "_health"): health,
    ("GET", "_journal"): journal,
    ("GET", "_faults"): read_faults,
    ("POST", "_faults"): write_faults,
    ("POST", "_reset"): reset,
    ("POST", "_webhook"): webhook,
    ("POST", "_means"): change_means,
    ("POST", "_settle"): settle,
    ("POST", "_dispute"): dispute,
    ("POST", "_refund"): fail_refund,
    ("POST", "_fees"): fees,
}


def control(sandbox: Sandbox, *, method: str, path: str, body: Body) -> tuple[int, dict[str, Any]]:
    """Return status and body for one of the sandbox's own addresses."""
    name, _, identifier = path.lstrip("/").partition("/")
    function = ADDRESSES.get((method, name))
    if function is None:
        return 404, {"error": {"message": "Nothing is here."}}
    try:
        with sandbox.work():
            return 200, function(sandbox, body, identifier)
    except ApiProblem as problem:
        return problem.status, problem.body()
