"""Which driver serves which kind of plan: the settings PROVISIONING_DRIVERS and PROVISIONING_KINDS."""

from functools import cache
from typing import Any

from django.conf import settings
from django.utils.module_loading import import_string

from products.provisioning.protocol import Driver

ANY_KIND = "*"


def driver_name_for(kind: str) -> str:
    """Return the name of the driver that sets up new services of `kind`."""
    kinds: dict[str, str] = settings.PROVISIONING_KINDS
    return kinds.get(kind) or kinds[ANY_KIND]


def get_driver(name: str) -> Driver:
    """Return the driver called `name`.

    The settings name its class by a dotted path or, where it needs to be told more, by a mapping with the
    path under `driver`: the rest, and its own name, are then given to the class.

    :raises LookupError: the settings have none.
    """
    drivers: dict[str, str | dict[str, Any]] = settings.PROVISIONING_DRIVERS
    if name not in drivers:
        raise LookupError(f"No provisioning driver is called {name}.")
    entry = drivers[name]
    if isinstance(entry, str):
        return _made(entry)
    told = {key: tuple(value) if isinstance(value, list) else value for key, value in entry.items()}
    return _made(told.pop("driver"), name=name, **told)


def has_driver(name: str) -> bool:
    """Return whether the settings have this driver: one may have gone while its services stayed."""
    return name in settings.PROVISIONING_DRIVERS


def list_drivers() -> list[str]:
    """Return the names of all drivers of the settings."""
    return list(settings.PROVISIONING_DRIVERS)


@cache
def _made(path: str, **told: Any) -> Driver:
    driver: Driver = import_string(path)(**told)
    return driver
