"""Refusals of webhooks."""

from django.utils.translation import gettext_lazy as _

from manager.kit.errors import DomainError


class AddressRefused(DomainError):
    """Nothing is sent to such an address."""

    code = "webhook_address_refused"
    status = 422
    field = "url"
    message = _("Please give an https address that can be reached from the internet.")


class EventsRefused(DomainError):
    """No event is chosen, or one that the person may not see."""

    code = "webhook_events_refused"
    status = 422
    field = "events"
    message = _("Please choose at least one of the events.")


class EventsNotSeen(DomainError):
    """The endpoint gets events that the person may not see."""

    code = "access_denied"
    status = 403
    message = _("This endpoint gets messages that you do not have the right to see.")


class TooManyEndpoints(DomainError):
    """The organization has as many as it can have."""

    code = "too_many_webhooks"
    message = _("There are ten endpoints already. Please delete one first.")


class EndpointDisabled(DomainError):
    """Nothing is sent to a disabled endpoint."""

    code = "webhook_disabled"
    message = _("Please enable the endpoint first.")
