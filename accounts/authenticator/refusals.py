"""Why the authenticator refuses; codes for the app on the phone, texts for pages."""

from django.utils.translation import gettext_lazy as _

from manager.kit.errors import DomainError


class OfferNotOpen(DomainError):
    """No such offer, used already, or older than ten minutes: nobody can tell which."""

    code = "offer_not_open"
    status = 404
    message = _("This code is not right, was used already, or has expired. Show a new one in the panel.")


class PhoneNotWaiting(DomainError):
    """There is no phone that waits to be confirmed in this session."""

    code = "phone_not_waiting"
    message = _("No phone is waiting to be linked. Please start again.")


class RequestNotOpen(DomainError):
    """The request was answered, replaced or used already, or its two minutes are over."""

    code = "request_not_open"
    message = _("This request is no longer open.")


class LastFactor(DomainError):
    """It is the person's only second factor, and a phone alone does not turn the second step off."""

    code = "last_factor"
    message = _("This phone is your only second step. Turn two-step sign-in off in the panel first.")


class InvalidSubscription(DomainError):
    """What the browser gave is no address of a push service that we know."""

    code = "invalid_subscription"
    status = 422
    message = _("Notifications are not possible with this browser.")
