"""Which payment providers are set up: `settings.GATEWAYS`, a dotted path by name."""

from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string

from billing.gateway.errors import GatewayUnknown
from billing.gateway.protocol import Gateway


class GatewayDriver(Protocol):
    """The class behind a gateway: it reads its own settings."""

    def from_settings(self, *, name: str) -> Gateway:
        """Return the gateway as the settings of this moment describe it."""
        ...

    def missing_settings(self) -> tuple[str, ...]:
        """Return the names of settings without which the driver cannot work safely."""
        ...


def driver_for(name: str) -> GatewayDriver:
    """Return the driver class called `name`.

    :raises GatewayUnknown: no such name in `settings.GATEWAYS`.
    """
    try:
        path = settings.GATEWAYS[name]
    except KeyError as error:
        raise GatewayUnknown(name=name) from error
    driver: GatewayDriver = import_string(path)
    return driver


def gateway_for(name: str) -> Gateway:
    """Return the gateway called `name`, as stored with an attempt.

    :raises GatewayUnknown: no such name in `settings.GATEWAYS`.
    """
    return driver_for(name).from_settings(name=name)


def default_gateway() -> Gateway:
    """Return the gateway that new payments use: the first of `settings.GATEWAYS`."""
    return gateway_for(next(iter(settings.GATEWAYS)))
