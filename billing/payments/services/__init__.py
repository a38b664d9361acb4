"""The verbs of payments. Those that call the provider are three steps, each its own commit (BIL-16).

They run outside of any transaction and inside the scope of the organization. Locks are taken in one order:
invoice, attempt, organization, accounts, products, series of numbers.
"""

from billing.payments.errors import InvoiceNotPayable, PaymentInProgress, RequestKeyReused
from billing.payments.services.cancel import cancel_attempt
from billing.payments.services.charge import (
    charge_off_session,
    charge_top_up,
    pay_with_method,
    require_usable,
    top_up_from_method,
)
from billing.payments.services.confirm import NothingToConfirm, confirm_payment
from billing.payments.services.keep import keep_means
from billing.payments.services.link import LinkInvalid, find_by_link, make_payment_link
from billing.payments.services.prepaid import InsufficientBalance, pay_from_prepaid
from billing.payments.services.refresh import refresh_attempt
from billing.payments.services.settle import settle_attempt
from billing.payments.services.start import start_payment, start_top_up
from billing.payments.services.transfer import TransferNotOffered, announce_transfer

__all__ = [
    "InsufficientBalance",
    "InvoiceNotPayable",
    "LinkInvalid",
    "NothingToConfirm",
    "PaymentInProgress",
    "RequestKeyReused",
    "TransferNotOffered",
    "announce_transfer",
    "cancel_attempt",
    "charge_off_session",
    "charge_top_up",
    "confirm_payment",
    "find_by_link",
    "keep_means",
    "make_payment_link",
    "pay_from_prepaid",
    "pay_with_method",
    "refresh_attempt",
    "require_usable",
    "settle_attempt",
    "start_payment",
    "start_top_up",
    "top_up_from_method",
]
