"""Refusals that the verbs of a termination share."""

from django.utils.translation import gettext_lazy as _

from manager.kit.errors import DomainError


class NothingToTerminate(DomainError):
    """No product was selected, or too many."""

    code = "nothing_to_terminate"
    status = 422
    field = "selected"
    message = _("Select at least one product, at most 100.")


class NotTerminable(DomainError):
    """One of the products has ended, is not paid for the first time yet, or is on offer elsewhere."""

    code = "not_terminable"
    message = _("One of the products cannot be terminated now. Please look at the list again.")


class AskedAlready(DomainError):
    """A product stands in a wish that waits for its confirmation."""

    code = "termination_asked_already"
    message = _("One of the products waits for your confirmation already. Look into your mails.")


class TerminationExpired(DomainError):
    """The days in which the wish could be confirmed are over."""

    code = "termination_expired"
    status = 410
    message = _("This link has expired, and nothing was terminated. Please ask again.")
