"""What the operator sets of money: providers, the bank, terms and limits."""

from typing import Any

from manager.settings import environment as env

STRIPE_API_KEY = env.text("STRIPE_API_KEY", "")
STRIPE_API_BASE = env.text("STRIPE_API_BASE", "")
STRIPE_WEBHOOK_SECRET = env.text("STRIPE_WEBHOOK_SECRET", "")
GATEWAYS: dict[str, dict[str, Any]] = {
    "stripe": {
        "driver": "billing.gateway.stripe.driver.StripeGateway",
        "api_key": STRIPE_API_KEY,
        "api_base": STRIPE_API_BASE,
        "webhook_secret": STRIPE_WEBHOOK_SECRET,
    },
}
DEFAULT_GATEWAY = "stripe"
# PostFinance Checkout (experimental, francs only): off unless one of its three settings is there.
POSTFINANCE = {
    "space_id": env.text("POSTFINANCE_SPACE_ID", ""),
    "user_id": env.text("POSTFINANCE_USER_ID", ""),
    "authentication_key": env.text("POSTFINANCE_AUTHENTICATION_KEY", ""),
}
if any(POSTFINANCE.values()):
    GATEWAYS["postfinance"] = {
        "driver": "billing.gateway.postfinance.driver.PostFinanceGateway",
        **POSTFINANCE,
        "api_base": env.text("POSTFINANCE_API_BASE", ""),
    }

# An order that nobody pays is cancelled after so many days (PRD-4).
ORDER_TERM_DAYS = int(env.text("ORDER_TERM_DAYS", "30"))
# Where the bank lays down statements, and from which confidence (percent) on they are booked (BIL-17).
BANK_FOLDER = env.text("BANK_FOLDER", "")
BANK_BOOKED_FROM = int(env.text("BANK_BOOKED_FROM", "95"))
# A withdrawal above this sum (minor units, of either currency) is approved by two people (BIL-7).
WITHDRAWALS_FOUR_EYES_ABOVE = int(env.text("WITHDRAWALS_FOUR_EYES_ABOVE", "100000"))
# An invoice waits at most so long for what a register says of its VAT number (BIL-6).
VAT_ANSWER_WAIT_SECONDS = int(env.text("VAT_ANSWER_WAIT_SECONDS", "20"))
# Charges without a person: at most so many a second for each provider, and in flight at once in a process.
CHARGES_PER_SECOND = env.rates("CHARGES_PER_SECOND", 25)
CHARGES_AT_ONCE = int(env.text("CHARGES_AT_ONCE", "8"))
# The first charge is tried 14 days before expiry; a refused one again so many days before (BIL-11).
RENEWAL_RETRY_DAYS = env.whole_numbers("RENEWAL_RETRY_DAYS", "7,3,1,0", below=14)
