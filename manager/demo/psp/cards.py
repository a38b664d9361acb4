"""Test cards by number and by Stripe's token, and what each of them does.

A behaviour is `ok`, `decline:<code>`, `decline_charge:<code>` (can be saved, fails when charged),
`authenticate_once` (approval unless saved with approval and charged without the person),
`authenticate_always`, `authenticate_always:<code>` (declined after approval), `processing` (settles later),
`dispute` (paid, and taken back by the bank at once).
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TestCard:
    """A card of the sandbox; `hint` is shown on the payment page when not empty."""

    number: str
    brand: str
    behaviour: str
    tokens: tuple[str, ...]
    hint: str = ""


CARDS = (
    TestCard("4242424242424242", "visa", "ok", ("pm_card_visa",), "Pays"),
    TestCard("5555555555554444", "mastercard", "ok", ("pm_card_mastercard",), "Pays (Mastercard)"),
    TestCard("378282246310005", "amex", "ok", ("pm_card_amex",)),
    TestCard(
        "4000002500003155",
        "visa",
        "authenticate_once",
        ("pm_card_authenticationRequiredOnSetup",),
        "3-D Secure now, later charges pass",
    ),
    TestCard(
        "4000002760003184",
        "visa",
        "authenticate_always",
        ("pm_card_authenticationRequired", "pm_card_threeDSecure2Required"),
        "3-D Secure each time",
    ),
    TestCard(
        "4000008260003178",
        "visa",
        "authenticate_always:insufficient_funds",
        ("pm_card_authenticationRequiredChargeDeclinedInsufficientFunds",),
    ),
    TestCard(
        "4000000000000002",
        "visa",
        "decline:generic_decline",
        ("pm_card_chargeDeclined", "pm_card_visa_chargeDeclined"),
        "Declined",
    ),
    TestCard(
        "4000000000009995",
        "visa",
        "decline:insufficient_funds",
        ("pm_card_chargeDeclinedInsufficientFunds", "pm_card_visa_chargeDeclinedInsufficientFunds"),
        "Not enough money",
    ),
    TestCard(
        "4000000000009987",
        "visa",
        "decline:lost_card",
        ("pm_card_chargeDeclinedLostCard", "pm_card_visa_chargeDeclinedLostCard"),
        "Lost card",
    ),
    TestCard(
        "4000000000009979",
        "visa",
        "decline:stolen_card",
        ("pm_card_chargeDeclinedStolenCard", "pm_card_visa_chargeDeclinedStolenCard"),
    ),
    TestCard(
        "4000000000000069",
        "visa",
        "decline:expired_card",
        ("pm_card_chargeDeclinedExpiredCard",),
        "Expired card",
    ),
    TestCard("4000000000000127", "visa", "decline:incorrect_cvc", ("pm_card_chargeDeclinedIncorrectCvc",)),
    TestCard(
        "4000000000000119", "visa", "decline:processing_error", ("pm_card_chargeDeclinedProcessingError",)
    ),
    TestCard(
        "4000000000000341",
        "visa",
        "decline_charge:generic_decline",
        ("pm_card_chargeCustomerFail",),
        "Can be saved, fails when charged",
    ),
    TestCard("4000000000000259", "visa", "dispute", ("pm_card_createDispute",), "Pays, is disputed at once"),
)

BY_NUMBER = {card.number: card for card in CARDS}
BY_TOKEN = {token: card for card in CARDS for token in card.tokens}

MESSAGES = {
    "insufficient_funds": "Your card has insufficient funds.",
    "expired_card": "Your card has expired.",
    "incorrect_cvc": "Your card's security code is incorrect.",
    "processing_error": "An error occurred while processing your card. Try again in a little bit.",
    "authentication_required": "Your card was declined. This transaction requires authentication.",
    "payment_intent_authentication_failure": "The provided payment method failed authentication.",
    "setup_intent_authentication_failure": "The provided payment method failed authentication.",
    "payment_method_customer_decline": "The customer declined the payment.",
    "mandate_invalid": "The permission for this payment method was withdrawn.",
}
OWN_CODES = frozenset(MESSAGES) - {"insufficient_funds"}
NOT_AGAIN = frozenset({"lost_card", "stolen_card", "expired_card", "mandate_invalid"})


def decline_details(reason: str) -> dict[str, str | None]:
    """Return `code`, `decline_code`, `message` and `advice_code` as Stripe gives them for a reason."""
    return {
        "code": reason if reason in OWN_CODES else "card_declined",
        "decline_code": None if reason.endswith("authentication_failure") else reason,
        "message": MESSAGES.get(reason, "Your card was declined."),
        "advice_code": "do_not_try_again" if reason in NOT_AGAIN else "try_again_later",
    }


def passes_luhn(number: str) -> bool:
    """Return whether the check digit of a card number is right."""
    total = 0
    for position, digit in enumerate(reversed(number)):
        value = int(digit) * (2 if position % 2 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0
