"""Why a payment does not begin."""

from django.utils.translation import gettext_lazy as _

from manager.kit.errors import DomainError


class InvoiceNotPayable(DomainError):
    """The invoice is paid, cancelled or void, or nothing is to be paid."""

    code = "invoice_not_payable"
    message = _("This invoice does not wait for a payment any more.")


class PaymentInProgress(DomainError):
    """Another payment of the same invoice is under way and cannot be called back at this moment."""

    code = "payment_in_progress"
    message = _(
        "A payment of this invoice is being carried out at this moment. Please wait until it is done."
    )


class RequestKeyReused(DomainError):
    """The same `Idempotency-Key` came with another request (API-5)."""

    code = "idempotency_key_reused"
    status = 422
    message = _("This Idempotency-Key belongs to another request.")


class MethodExpired(DomainError):
    """The month until which the saved card is valid is over (BIL-9)."""

    code = "payment_method_expired"
    status = 422
    field = "method"
    message = _("This card has expired.")


class AmountNotTaken(DomainError):
    """The provider takes no sum this small or large by this means."""

    code = "amount_not_taken"
    status = 422
    field = "amount"
    message = _("This means of payment does not take so small or large a sum. Please choose another one.")
