"""Refusals that the verbs of a transfer share."""

from django.utils.translation import gettext_lazy as _

from manager.kit.errors import DomainError


class NotTransferable(DomainError):
    """Something stands in the way; the message says what."""

    code = "not_transferable"
    status = 409


class OfferedAlready(DomainError):
    """The product is on offer."""

    code = "offered_already"
    status = 409
    message = _("This product is on offer already. Withdraw that offer first.")


class TransferExpired(DomainError):
    """The seven days are over."""

    code = "transfer_expired"
    status = 410
    message = _("This offer has expired. Please ask for a new one.")


class RecipientUnfit(DomainError):
    """The organization cannot take the product; the message says why."""

    code = "recipient_unfit"
    status = 409
    field = "organization"
