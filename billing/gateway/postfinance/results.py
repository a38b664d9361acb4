"""PostFinance's objects read into the panel's words."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from billing.gateway.declines import failure_for
from billing.gateway.postfinance.parameters import CLOSED
from billing.gateway.vocabulary import (
    ChargeResult,
    ChargeState,
    Failure,
    FailureKind,
    Means,
    MeansKind,
    RefundResult,
    RefundState,
)
from manager.kit.money import Money

UNPROCESSED = frozenset({"CREATE", "PENDING", "CONFIRMED"})

STATES = {
    "PROCESSING": ChargeState.PENDING,
    "AUTHORIZED": ChargeState.PENDING,
    # The money is taken, and PostFinance still decides whether to recommend delivery.
    "COMPLETED": ChargeState.PENDING,
    "FULFILL": ChargeState.SUCCEEDED,
    "FAILED": ChargeState.FAILED,
    "VOIDED": ChargeState.CANCELED,
}

REFUND_STATES = {
    "CREATE": RefundState.PENDING,
    "SCHEDULED": RefundState.PENDING,
    "PENDING": RefundState.PENDING,
    "MANUAL_CHECK": RefundState.PENDING,
    "SUCCESSFUL": RefundState.SUCCEEDED,
    "FAILED": RefundState.FAILED,
}

COUNTRY = "CH"
"""The country of each means: PostFinance's accounts are in Switzerland, and its interface names no country.

What it tells beside (`internetProtocolAddressCountry`) is where somebody sat, not where the account is.
"""

PASSING = frozenset({"TEMPORARY_ISSUE", "INTERNAL"})
MONTHS = 12


def state_of(transaction: dict[str, Any]) -> ChargeState:
    """Return where a transaction stands.

    `DECLINE` advises against delivery after the money was taken: money that is here is recorded.
    """
    state = str(transaction.get("state"))
    if state in UNPROCESSED:
        is_closed = (transaction.get("metaData") or {}).get(CLOSED)
        return ChargeState.CANCELED if is_closed else ChargeState.REQUIRES_ACTION
    if state == "DECLINE":
        return ChargeState.SUCCEEDED if transaction.get("completedAmount") else ChargeState.FAILED
    return STATES.get(state, ChargeState.UNKNOWN)


def charge_of(transaction: dict[str, Any], *, action_url: str = "") -> ChargeResult:
    """Return the state of a transaction; `action_url` is its page, where the person still has to pay."""
    state = state_of(transaction)
    reference = str(transaction["id"])
    token = transaction.get("token")
    is_begun = str(transaction.get("state")) not in UNPROCESSED
    return ChargeResult(
        state=state,
        reference=reference,
        charge_reference=reference if is_begun else "",
        amount=amount_of(transaction, state),
        means_reference=str(token["id"]) if token and state is ChargeState.SUCCEEDED else "",
        action_url=action_url if state is ChargeState.REQUIRES_ACTION else "",
        failure=failure_of(transaction) if state is ChargeState.FAILED else None,
        trouble="provider_error" if state is ChargeState.UNKNOWN else "",
        means_country=COUNTRY if state is ChargeState.SUCCEEDED else "",
    )


def amount_of(transaction: dict[str, Any], state: ChargeState) -> Money | None:
    """Return what was taken, or what is asked for."""
    name = "completedAmount" if state is ChargeState.SUCCEEDED else "authorizationAmount"
    amount = transaction.get(name)
    return money_of(amount, transaction["currency"]) if amount is not None else None


def money_of(amount: Decimal | int, currency: str) -> Money:
    """Return an amount in the currency's unit, such as 20.00, as Money."""
    return Money(int((Decimal(amount) * 100).to_integral_exact()), currency)


def failure_of(thing: dict[str, Any]) -> Failure:
    """Return why a transaction failed.

    PostFinance numbers its reasons and sorts them by who can help. None of them says that a means can never
    be charged again (a token that is not active any more does), so each may be tried again by the schedule.
    """
    reason = thing.get("failureReason") or {}
    code = f"postfinance_{reason.get('id', 'unknown')}"
    if reason.get("category") in PASSING:
        return Failure(kind=FailureKind.SOFT, code=code, message_key="try_later")
    return Failure(kind=FailureKind.SOFT, code=code, message_key="declined")


def gone(reference: str = "") -> ChargeResult:
    """Return the result of charging a token that is not active any more."""
    return ChargeResult(
        state=ChargeState.FAILED,
        reference=reference,
        failure=failure_for(code="payment_method_not_available"),
    )


def means_of(token: dict[str, Any], version: dict[str, Any]) -> Means:
    """Return a token and its active version as a means."""
    expiry = version.get("expiresOn")
    ends = datetime.fromisoformat(expiry) if expiry else None
    digits = "".join(letter for letter in str(version.get("name") or "") if letter.isdigit())
    hashes = version.get("paymentInformationHashes") or []
    return Means(
        reference=str(token["id"]),
        kind=MeansKind.POSTFINANCE,
        customer_reference=str(token.get("customerId") or ""),
        brand="postfinance",
        last4=digits[-4:],
        exp_month=ends.month if ends else None,
        exp_year=ends.year if ends else None,
        fingerprint=str(hashes[0]["value"])[:64] if hashes else "",
        country=COUNTRY,
    )


def refund_of(refund: dict[str, Any]) -> RefundResult:
    """Return the state of a refund."""
    state = REFUND_STATES.get(str(refund.get("state")), RefundState.UNKNOWN)
    transaction = refund.get("transaction") or {}
    reason = refund.get("failureReason") or {}
    return RefundResult(
        state=state,
        reference=str(refund["id"]),
        amount=money_of(refund["amount"], transaction.get("currency", "CHF")),
        failure_code=f"postfinance_{reason.get('id', 'unknown')}" if state is RefundState.FAILED else "",
        trouble="provider_error" if state is RefundState.UNKNOWN else "",
    )
