"""What can go wrong between the panel and a payment provider."""

from django.utils.translation import gettext_lazy as _

from manager.kit.errors import DomainError


class GatewayUnavailable(DomainError):
    """No answer to a call that moves no money; it may be repeated with the same idempotency key."""

    code = "payment_provider_unavailable"
    status = 503
    message = _("The payment service does not answer at the moment. Nothing was charged; please try again.")


class GatewayMisconfigured(DomainError):
    """The provider does not accept our key: an operator has to act, open attempts stay open."""

    code = "payment_provider_misconfigured"
    status = 503
    message = _(
        "Payments are not available at the moment. Our team has to correct a setting; please try later."
    )


class GatewayRefused(DomainError):
    """The provider refuses what we sent, though no money is in question: a mistake of ours."""

    code = "payment_provider_refused"
    status = 502
    message = _("The payment service did not accept the request. Our team has been told.")


class GatewayUnknown(DomainError):
    """No driver of that name is set up."""

    code = "payment_provider_unknown"
    status = 404
    message = _("This payment service is not set up.")


class MeansNotFound(DomainError):
    """The provider does not know this means of payment (any more)."""

    code = "means_not_found"
    status = 404
    message = _("This means of payment is no longer known to the payment service. Please add it again.")


class WebhookSignatureInvalid(DomainError):
    """A webhook without a valid, recent signature (INC-22)."""

    code = "webhook_signature_invalid"
    status = 400
    message = _("The signature of the message is missing, wrong or too old.")


class WebhookUnreadable(DomainError):
    """A webhook with a valid signature that is not an event."""

    code = "webhook_unreadable"
    status = 400
    message = _("The message is not an event that can be read.")
