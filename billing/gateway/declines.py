"""Why a charge was declined: whether trying again makes sense (BIL-11), and what to tell the person.

The codes are those of the card networks as Stripe names them (https://docs.stripe.com/declines/codes).
A code that is not listed is soft: the schedule of attempts bounds how often it is tried.
"""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from billing.gateway.vocabulary import Failure, FailureKind

HARD_CODES: dict[str, str] = {
    "lost_card": "card_blocked",
    "stolen_card": "card_blocked",
    "pickup_card": "card_blocked",
    "restricted_card": "card_blocked",
    "fraudulent": "card_blocked",
    "merchant_blacklist": "card_blocked",
    "security_violation": "card_blocked",
    "expired_card": "card_expired",
    "invalid_account": "means_invalid",
    "new_account_information_available": "means_invalid",
    "no_such_account": "means_invalid",
    "incorrect_number": "means_invalid",
    "invalid_number": "means_invalid",
    "invalid_expiry_month": "means_invalid",
    "invalid_expiry_year": "means_invalid",
    "payment_method_not_available": "means_invalid",
    "payment_method_unactivated": "means_invalid",
    "resource_missing": "means_invalid",
    "payment_method_unexpected_state": "means_invalid",
    "card_not_supported": "card_not_supported",
    "currency_not_supported": "card_not_supported",
    "payment_method_currency_mismatch": "card_not_supported",
    "transaction_not_allowed": "card_not_supported",
    "service_not_allowed": "card_not_supported",
    "stop_payment_order": "permission_withdrawn",
    "revocation_of_authorization": "permission_withdrawn",
    "revocation_of_all_authorizations": "permission_withdrawn",
    "mandate_invalid": "permission_withdrawn",
    "amount_too_small": "amount_too_small",
}

SOFT_CODES: dict[str, str] = {
    "insufficient_funds": "insufficient_funds",
    "withdrawal_count_limit_exceeded": "limit_reached",
    "card_velocity_exceeded": "limit_reached",
    "amount_too_large": "limit_reached",
    "incorrect_cvc": "incorrect_cvc",
    "invalid_cvc": "incorrect_cvc",
    "processing_error": "try_later",
    "issuer_not_available": "try_later",
    "try_again_later": "try_later",
    "reenter_transaction": "try_later",
    "approve_with_id": "try_later",
    "payment_method_provider_timeout": "try_later",
}

AUTHENTICATION_CODES: dict[str, str] = {
    "authentication_required": "approval_needed",
    "authentication_not_handled": "approval_needed",
    "online_or_offline_pin_required": "approval_needed",
    "payment_intent_authentication_failure": "approval_refused",
    "setup_intent_authentication_failure": "approval_refused",
    "payment_method_customer_decline": "approval_refused",
}

MESSAGES: dict[str, Promise] = {
    "declined": _(
        "The bank declined the payment without a reason. Please use another means or ask your bank."
    ),
    "insufficient_funds": _("There is not enough money on the account of this card."),
    "limit_reached": _("A limit of this card was reached. Please try later or use another means."),
    "amount_too_small": _("This amount is too small for this means of payment."),
    "incorrect_cvc": _("The security code of the card is not right."),
    "try_later": _("The bank could not be reached. Please try again in a while."),
    "card_expired": _("This card has expired. Please add a valid one."),
    "card_blocked": _("The bank does not accept this card any more. Please use another means."),
    "card_not_supported": _("This card cannot be used for this payment. Please use another means."),
    "means_invalid": _(
        "This means of payment cannot be charged any more. Please add it again or use another."
    ),
    "permission_withdrawn": _("The permission to charge this means was withdrawn. Please add it again."),
    "approval_needed": _("Your bank asks you to approve this payment."),
    "approval_refused": _("The payment was not approved. You can try again or use another means."),
}


def failure_for(*, code: str, advice: str = "") -> Failure:
    """Return the kind of failure and the text for a decline code.

    `advice` is the network's own (`do_not_try_again` makes any decline hard).
    """
    if code in AUTHENTICATION_CODES:
        return Failure(kind=FailureKind.AUTHENTICATION, code=code, message_key=AUTHENTICATION_CODES[code])
    if code in HARD_CODES:
        return Failure(kind=FailureKind.HARD, code=code, message_key=HARD_CODES[code])
    kind = FailureKind.HARD if advice == "do_not_try_again" else FailureKind.SOFT
    return Failure(kind=kind, code=code, message_key=SOFT_CODES.get(code, "declined"))


def describe_code(code: str) -> Promise | None:
    """Return what a person is told of a decline code; None for one that is in no table."""
    key = {**SOFT_CODES, **HARD_CODES, **AUTHENTICATION_CODES, "generic_decline": "declined"}.get(code)
    return MESSAGES[key] if key else None


def message_for(message_key: str) -> Promise:
    """Return the translated text for a `Failure.message_key`; a general one for a key of another day."""
    return MESSAGES.get(message_key, MESSAGES["declined"])
