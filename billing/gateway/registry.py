"""Which payment providers are set up: `settings.GATEWAYS`, a driver and its options by name."""

from collections.abc import Mapping
from typing import Any, Protocol, cast

from django.conf import settings
from django.utils.module_loading import import_string

from billing.gateway.errors import GatewayUnknown
from billing.gateway.protocol import Gateway
from billing.gateway.vocabulary import MeansKind
from manager.kit.dryrun import is_dry_run, leave_the_house


class GatewayDriver(Protocol):
    """The class behind a gateway."""

    def from_options(self, *, name: str, options: Mapping[str, Any]) -> Gateway:
        """Return the gateway that these options describe."""
        ...

    def missing_options(self, options: Mapping[str, Any]) -> tuple[str, ...]:
        """Return the names of options without which the driver cannot work safely."""
        ...


def driver_for(name: str) -> tuple[GatewayDriver, dict[str, Any]]:
    """Return the driver class called `name`, and its options.

    :raises GatewayUnknown: no such name in `settings.GATEWAYS`.
    """
    try:
        options: dict[str, Any] = dict(settings.GATEWAYS[name])
    except KeyError as error:
        raise GatewayUnknown(name=name) from error
    driver: GatewayDriver = import_string(options.pop("driver"))
    return driver, options


class _Unasked:
    """A gateway during a try: it tells what it is, and refuses whatever would ask the provider."""

    TELLS = frozenset({"name", "signature_header", "kinds_for", "redirect_origins"})

    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway

    def __getattr__(self, name: str) -> Any:
        if name not in self.TELLS:
            leave_the_house()
        return getattr(self._gateway, name)


def gateway_for(name: str) -> Gateway:
    """Return the gateway called `name`, as stored with an attempt.

    :raises GatewayUnknown: no such name in `settings.GATEWAYS`.
    """
    driver, options = driver_for(name)
    gateway = driver.from_options(name=name, options=options)
    return cast("Gateway", _Unasked(gateway)) if is_dry_run() else gateway


def default_gateway() -> Gateway:
    """Return the gateway that new payments use."""
    return gateway_for(settings.DEFAULT_GATEWAY)


def all_gateways() -> list[Gateway]:
    """Return all gateways that are set up, the default first."""
    names = [
        settings.DEFAULT_GATEWAY,
        *(name for name in settings.GATEWAYS if name != settings.DEFAULT_GATEWAY),
    ]
    return [gateway_for(name) for name in names]


def offered_kinds(*, currency: str) -> tuple[MeansKind, ...]:
    """Return the kinds of means that some gateway takes in `currency`, each once (BIL-3)."""
    kinds = (kind for gateway in all_gateways() for kind in gateway.kinds_for(currency=currency))
    return tuple(dict.fromkeys(kinds))


def gateway_taking(*, kind: MeansKind, currency: str) -> Gateway:
    """Return the gateway that new payments by `kind` in `currency` use: the first that takes it.

    :raises GatewayUnknown: none does.
    """
    for gateway in all_gateways():
        if kind in gateway.kinds_for(currency=currency):
            return gateway
    raise GatewayUnknown(name=kind.value)
