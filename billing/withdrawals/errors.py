"""Why a withdrawal is not taken or does not go on."""

from django.utils.translation import gettext_lazy as _

from manager.kit.errors import DomainError


class WithdrawalOutOfRange(DomainError):
    """Below the least sum, or not in the account's currency."""

    code = "withdrawal_out_of_range"
    status = 422
    field = "amount"
    message = _("Please choose a sum of at least 1.00 in the currency of your prepaid account.")


class WithdrawalTooHigh(DomainError):
    """More than the balance."""

    code = "insufficient_balance"
    status = 422
    field = "amount"
    message = _("The balance of the prepaid account is not enough.")


class DestinationInvalid(DomainError):
    """No account number or address that money can be sent to."""

    code = "destination_invalid"
    status = 422
    field = "iban"
    message = _("Please check the account number: its check digits do not fit.")


class SamePerson(DomainError):
    """Above the limit two different people approve, and nobody what he or she asked for."""

    code = "second_person_needed"
    message = _("A second person has to approve this withdrawal.")


class NothingToPayOut(DomainError):
    """No approved withdrawal waits for this kind of file."""

    code = "nothing_to_pay_out"
    message = _("No approved withdrawal waits for this.")


class NoAccount(DomainError):
    """The company has no bank account in this currency, so that no file can be made."""

    code = "no_seller_account"
    message = _("No bank account of the company is set up in this currency.")


class BalanceDisputed(DomainError):
    """The money came by a top-up that its payer's bank has taken back or looks into."""

    code = "balance_disputed"
    status = 422
    field = "amount"
    message = _(
        "The payer's bank looks into a top-up of your account, or has taken it back. "
        "That part of the balance cannot be paid out until it is decided for you."
    )


class HeldBack(DomainError):
    """All that waits for this file is of organizations with a disputed top-up."""

    code = "withdrawals_held_back"
    message = _("All that waits for this is held back: a top-up of its organization is disputed.")


class RequestKeyReused(DomainError):
    """The same form was sent with other figures after it was taken."""

    code = "request_key_reused"
    message = _("This request was already taken with other figures. Please open the page again.")
