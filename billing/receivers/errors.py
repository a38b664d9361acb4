"""Why a receiver of billing messages is not added or asked."""

from django.utils.translation import gettext_lazy as _

from manager.kit.errors import DomainError


class ReceiverKnown(DomainError):
    """The address stands in the list already."""

    code = "receiver_known"
    field = "email"
    message = _("This address is in the list already.")


class ReceiverRefuses(DomainError):
    """Whoever reads that address wants no messages."""

    code = "receiver_refuses"
    field = "email"
    message = _(
        "This address has asked for no further messages. "
        "Only its reader can take that back, with the link in an earlier mail."
    )


class TooManyReceivers(DomainError):
    """More addresses than a mailing needs."""

    code = "too_many_receivers"
    message = _("There are 20 addresses already. Remove one that you no longer need.")


class NothingToReceive(DomainError):
    """No kind of message is chosen."""

    code = "nothing_to_receive"
    status = 422
    field = "messages"
    message = _("Choose at least one kind of message.")


class LinkExpired(DomainError):
    """The link of the mail that asked is too old."""

    code = "receiver_link_expired"
    status = 410
    message = _("This link has expired. Ask for a new one where you do business with them.")
