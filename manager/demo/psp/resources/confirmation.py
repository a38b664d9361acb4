"""What happens when a means is used: pass, ask for approval, or decline. For charges and for saving alike."""

from dataclasses import dataclass
from typing import Any

from manager.demo.provider.store import Thing
from manager.demo.psp.cards import decline_details
from manager.demo.psp.problems import ApiProblem, invalid
from manager.demo.psp.sandbox import Call

DIALOGS = {"card": "3ds", "twint": "twint", "paypal": "paypal"}


@dataclass(frozen=True, slots=True)
class Verdict:
    """`pass`, `processing`, `approve` (the person has to) or `decline` with its reason."""

    kind: str
    reason: str = ""


def judge(method: Thing, *, off_session: bool, approved: bool, charging: bool) -> Verdict:
    """Return what a means answers at this moment."""
    behaviour, _, reason = method["_behaviour"].partition(":")
    if behaviour == "decline" or (behaviour == "decline_charge" and charging):
        return Verdict("decline", reason)
    if needs_approval(method, behaviour, off_session=off_session) and not approved:
        return Verdict("decline", "authentication_required") if off_session else Verdict("approve")
    if behaviour == "authenticate_always" and reason:
        return Verdict("decline", reason)
    return Verdict("processing" if behaviour == "processing" and charging else "pass")


def needs_approval(method: Thing, behaviour: str, *, off_session: bool) -> bool:
    """Return whether the person has to approve this use."""
    if method["type"] != "card":
        return not method["_saved_with_approval"]
    if behaviour == "authenticate_once":
        return not (off_session and method["_saved_with_approval"])
    return behaviour == "authenticate_always"


def ask_for_approval(call: Call, intent: Thing, method: Thing, *, return_url: str) -> Thing:
    """Turn an intent to `requires_action` with the address of the dialog."""
    if not return_url.startswith(("http://", "https://")):
        raise invalid(
            "A return_url must be specified because this payment method asks the person to approve.",
            param="return_url",
        )
    intent["status"] = "requires_action"
    intent["payment_method"] = method["id"]
    intent["_dialog"] = {"kind": DIALOGS[method["type"]], "return_url": return_url}
    intent["next_action"] = {
        "type": "redirect_to_url",
        "redirect_to_url": {
            "url": f"{call.sandbox.public_url}/dialog/{intent['id']}",
            "return_url": return_url,
        },
    }
    return call.store.put(intent)


def clear_action(intent: Thing) -> None:
    """Forget the dialog of an intent."""
    intent["next_action"] = None
    intent.pop("_dialog", None)


def problem_for(reason: str, method: Thing, **objects: Any) -> ApiProblem:
    """Return the answer 402 for a decline."""
    details = {name: value for name, value in decline_details(reason).items() if value is not None}
    return ApiProblem(402, "card_error", payment_method=method, **details, **objects)
