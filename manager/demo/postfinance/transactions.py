"""What transactions, tokens and refunds do, as PostFinance Checkout describes them."""

from decimal import Decimal
from typing import Any

from manager.demo.postfinance.space import Problem, Space, page_ends
from manager.demo.provider.store import Thing

UNPROCESSED = frozenset({"CREATE", "PENDING", "CONFIRMED"})
UPDATABLE = frozenset(
    {"lineItems", "metaData", "merchantReference", "successUrl", "failedUrl", "language", "customerId"}
)
CREATABLE = UPDATABLE | frozenset(
    {
        *("currency", "token", "customersPresence", "autoConfirmationEnabled", "completionBehavior"),
        *("emailsDisabled", "chargeRetryEnabled", "tokenizationMode"),
    }
)
REASONS: dict[str, dict[str, Any]] = {
    "declined": {"id": 1512727, "category": "END_USER", "description": {"en-US": "Declined by the bank."}},
    "later": {"id": 1512728, "category": "TEMPORARY_ISSUE", "description": {"en-US": "Try again later."}},
}


def create(space: Space, body: Thing) -> Thing:
    """Make a transaction; nothing is charged by it, and nothing keeps it from being made twice."""
    unknown = set(body) - CREATABLE
    if unknown:
        raise Problem(400, "unknown_property", ", ".join(sorted(unknown)))
    items = body.get("lineItems")
    if not items or body.get("currency") not in ("CHF", "EUR"):
        raise Problem(422, "line_items_or_currency_missing")
    token = None
    if body.get("token") is not None:
        token = space.find("token", str(body["token"]))
        if token["state"] != "ACTIVE":
            raise Problem(422, "token_inactive")
    return space.add(
        "transaction",
        {
            **body,
            "token": token,
            "state": "PENDING",
            "authorizationAmount": str(sum(Decimal(str(one["amountIncludingTax"])) for one in items)),
            "authorizationTimeoutOn": page_ends(),
        },
    )


def update(space: Space, transaction: Thing, body: Thing) -> Thing:
    """Change a transaction that nobody has paid yet; an older version of it is refused."""
    if body.pop("version", None) != transaction["version"]:
        raise Problem(409, "version_conflict")
    if transaction["state"] != "PENDING" or set(body) - UPDATABLE:
        raise Problem(422, "not_updatable")
    return space.change("transaction", transaction, **body)


def process(space: Space, transaction: Thing) -> Thing:
    """Charge the token of a transaction, once."""
    if transaction["state"] not in UNPROCESSED or transaction["token"] is None:
        raise Problem(422, "transaction_not_processable")
    token = space.find("token", str(transaction["token"]["id"]))
    if token["state"] != "ACTIVE":
        raise Problem(422, "token_inactive")
    return finish(space, transaction, token.get("_behaviour", "ok"))


def finish(space: Space, transaction: Thing, behaviour: str) -> Thing:
    """Let a transaction be paid, refused, or wait (`processing`)."""
    amount = Decimal(transaction["authorizationAmount"])
    if behaviour == "processing":
        return space.change("transaction", transaction, state="PROCESSING")
    if behaviour.startswith("decline"):
        reason = REASONS[behaviour.partition(":")[2] or "declined"]
        space.write_journal("charge", transaction, amount, "failed")
        return space.change("transaction", transaction, state="FAILED", failureReason=reason)
    if transaction.get("tokenizationMode") == "FORCE_CREATION" and transaction["token"] is None:
        transaction["token"] = make_token(space, str(transaction.get("customerId") or ""), state="ACTIVE")
    elif transaction.get("_token_update"):
        token = space.find("token", str(transaction["token"]["id"]))
        transaction["token"] = space.change("token", token, state="ACTIVE")
    if amount:
        space.write_journal("charge", transaction, amount, "succeeded")
    return space.change("transaction", transaction, state="FULFILL", completedAmount=str(amount))


def make_token(space: Space, customer: str, *, state: str = "INACTIVE", external_id: str = "") -> Thing:
    """Make a token; the same `externalId` is the same token."""
    for known in space.all("token"):
        if external_id and known.get("externalId") == external_id:
            return known
    token = {"customerId": customer, "state": state, "externalId": external_id, "_behaviour": "ok"}
    return space.add("token", token)


def token_update(space: Space, token: Thing) -> Thing:
    """Make the transaction over nothing by which the person lets the token be charged."""
    return space.add(
        "transaction",
        {
            "state": "PENDING",
            "currency": "CHF",
            "token": token,
            "customerId": token["customerId"],
            "authorizationAmount": "0",
            "authorizationTimeoutOn": page_ends(),
            "_token_update": True,
        },
    )


def active_version(space: Space, token: Thing) -> Thing:
    """Return what is known of a token's account."""
    if token["state"] != "ACTIVE":
        raise Problem(404, "no_active_version")
    account = token["customerId"] or token["id"]
    return {
        "id": token["id"] * 10,
        "state": "ACTIVE",
        "token": token,
        "name": "PostFinance XXXX XXXX XXXX 7788",
        "paymentInformationHashes": [{"type": 1, "value": f"hash-of-{account}"}],
    }


def refund(space: Space, body: Thing) -> Thing:
    """Give money back; the same `externalId` is the same refund."""
    key = body.get("externalId")
    if not key:
        raise Problem(422, "external_id_missing")
    for known in space.all("refund"):
        if known["externalId"] == key:
            return known
    transaction = space.find("transaction", str(body.get("transaction")))
    amount = Decimal(str(body.get("amount", "0")))
    given = Decimal(transaction.get("refundedAmount") or "0")
    paid = Decimal(transaction.get("completedAmount") or "0")
    if transaction["state"] != "FULFILL" or not 0 < amount <= paid - given:
        raise Problem(422, "amount_not_refundable")
    space.change("transaction", transaction, refundedAmount=str(given + amount))
    made = space.add(
        "refund", {**body, "amount": str(amount), "transaction": transaction, "state": "PENDING"}
    )
    space.write_journal("refund", {**made, "id": transaction["id"]}, amount, "succeeded")
    return space.change("refund", made, state="SUCCESSFUL")
