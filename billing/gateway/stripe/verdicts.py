"""What an error of Stripe says about the money: declined, nobody knows, or a mistake of ours."""

from stripe import CardError, InvalidRequestError, StripeError

from billing.gateway.declines import HARD_CODES, failure_for
from billing.gateway.stripe.client import refusal_of, trouble_of, wait_of
from billing.gateway.stripe.results import charge_of
from billing.gateway.vocabulary import ChargeResult, ChargeState, RefundResult, RefundState

AMOUNT_CODES = frozenset({"amount_too_small", "amount_too_large"})
REFUND_CODES = frozenset({"charge_already_refunded", "charge_disputed", "charge_not_refundable"})


def charge_verdict(error: StripeError, *, reference: str = "") -> ChargeResult:
    """Return the state of a charge whose call ended in an error.

    :raises GatewayMisconfigured: our key is not accepted; nothing was charged, the attempt stays open.
    :raises GatewayRefused: what we sent is wrong; nothing was charged by this call.
    """
    trouble = trouble_of(error)
    if trouble:
        return ChargeResult(
            state=ChargeState.UNKNOWN,
            reference=reference,
            charge_reference=reference if reference.startswith("pi_") else "",
            trouble=trouble,
            retry_after=wait_of(error),
        )
    details = error.error
    if isinstance(error, CardError) and details is not None:
        intent = getattr(details, "payment_intent", None)
        if intent is not None:
            return charge_of(intent)
        code = getattr(details, "decline_code", None) or error.code or "declined"
        return ChargeResult(
            state=ChargeState.FAILED,
            reference=reference,
            failure=failure_for(code=code, advice=getattr(details, "advice_code", None) or ""),
        )
    if isinstance(error, InvalidRequestError) and is_about_means(error):
        return ChargeResult(
            state=ChargeState.FAILED, reference=reference, failure=failure_for(code=error.code or "")
        )
    raise refusal_of(error) from error


def is_about_means(error: InvalidRequestError) -> bool:
    """Return whether the means (or the sum for it) was refused, rather than the form of our call."""
    if error.code == "resource_missing":
        return bool(error.param == "payment_method")
    return error.code in HARD_CODES or error.code in AMOUNT_CODES


def refund_verdict(error: StripeError) -> RefundResult:
    """Return the state of a refund whose call ended in an error; raises as `charge_verdict` does."""
    trouble = trouble_of(error)
    if trouble:
        return RefundResult(state=RefundState.UNKNOWN, trouble=trouble)
    if isinstance(error, InvalidRequestError) and (error.code in REFUND_CODES or error.param == "amount"):
        return RefundResult(state=RefundState.FAILED, failure_code=error.code or "amount_invalid")
    raise refusal_of(error) from error
