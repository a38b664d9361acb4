"""What the OpenAPI document says of every write: `Idempotency-Key` and `dry_run` (API-5)."""

from typing import Any

from accounts.requests.services import LONGEST_KEY
from accounts.tokens.writes import DRY_RUN, KEY_HEADER, REPLAYED_HEADER, WRITES

Schema = dict[str, Any]

# Writes that ask a payment provider, and when: tried, they pass all checks and are then refused.
NOT_TRIED: dict[str, str] = {
    "organizations_invoices_pay_create": "with a means or a kind; from the prepaid account it can be tried",
    "organizations_payment_methods_create": "for all kinds but `prepaid`",
    "organizations_payment_methods_destroy": "always",
    "organizations_orders_cancel_create": "while a payment of it is open at the provider",
    "organizations_products_changes_withdraw_create": "while a payment of it is open at the provider",
    "organizations_prepaid_top_ups_create": "always",
    "organizations_payments_cancel_create": "while it is open",
    "organizations_invoices_release_create": "while a payment of it is open at the provider",
    "organizations_to_pay_create": "while a payment of one of them is open at the provider",
}

KEY: Schema = {
    "name": KEY_HEADER,
    "in": "header",
    "schema": {"type": "string", "minLength": 1, "maxLength": LONGEST_KEY, "pattern": "^[!-~]+$"},
    "description": (
        "A name that you choose for this one request. Sent again within 48 hours, nothing is done again: "
        f"the answer is the first one, with `{REPLAYED_HEADER}: true`."
    ),
}
TRIED: Schema = {
    "type": "object",
    "required": ["result", DRY_RUN, "data"],
    "properties": {
        "result": {"type": "string", "const": "success"},
        DRY_RUN: {"type": "boolean", "const": True},
        "data": {},
    },
}


def describe_writes(result: Schema, **_more: Any) -> Schema:
    """Add to each write the key under which it is carried out once, and that it can be tried."""
    for operations in result.get("paths", {}).values():
        for method, operation in operations.items():
            if method in WRITES:
                _describe(operation)
    return result


def _describe(operation: Schema) -> None:
    when = NOT_TRIED.get(operation["operationId"], "")
    when = f", here {when}" if when else ""
    tried: Schema = {
        "name": DRY_RUN,
        "in": "query",
        "schema": {"type": "boolean", "default": False},
        "description": f"`true`: check and price the request, answer 200, and change nothing. What would "
        f"ask a payment provider is refused with `dry_run_not_possible`{when}.",
    }
    operation.setdefault("parameters", []).extend([KEY, tried])
    answers = operation["responses"]
    if "200" not in answers:
        content = {"application/json": {"schema": TRIED}}
        answers["200"] = {"description": "What it would come to (`dry_run=true`).", "content": content}
    elif len([code for code in answers if code.startswith("2")]) > 1:
        media = answers["200"]["content"]["application/json"]
        media["schema"] = {"anyOf": [media["schema"], TRIED]}
    for code, answer in answers.items():
        if code.startswith("2"):
            answer.setdefault("headers", {})[REPLAYED_HEADER] = {
                "description": "The request was sent before; this is the answer that it got.",
                "schema": {"type": "string", "const": "true"},
            }
