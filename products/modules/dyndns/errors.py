"""Why a name cannot be kept up to date by a device."""

from django.utils.translation import gettext_lazy as _

from manager.kit.errors import DomainError, NotFound


class HostNotFound(NotFound):
    """The domain has no such DynDNS name, or not any more."""

    code = "dynamic_host_not_found"
    message = _("This DynDNS name does not exist any more.")


class DynDNSNotBought(DomainError):
    """The option belongs to the offer of the domain, and is not chosen."""

    code = "dyndns_not_bought"
    message = _("DynDNS is not part of this domain's offer. You can add it by *Modify offer*.")


class HostTaken(DomainError):
    """The name is kept up to date already."""

    code = "dynamic_host_taken"
    status = 422
    field = "name"
    message = _("This name is there already.")


class HostInvalid(DomainError):
    """The name is none, or cannot have an address."""

    code = "dynamic_host_invalid"
    status = 422
    field = "name"
    message = _("Please enter a name such as home; empty or @ stands for the domain itself.")


class TooManyHosts(DomainError):
    """The domain has as many DynDNS names as one can have."""

    code = "too_many_dynamic_hosts"
    status = 422
    field = "name"
    message = _("A domain has at most %(count)d DynDNS names.")


class AddressRefused(DomainError):
    """What the device told is no address at which anybody can be reached."""

    code = "address_refused"
    status = 422
    message = _("Nobody can reach this address.")
