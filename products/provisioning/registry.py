"""Which driver serves which kind of plan: the settings PROVISIONING_DRIVERS and PROVISIONING_KINDS."""

from functools import cache

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

    :raises LookupError: the settings have none.
    """
    drivers: dict[str, str] = settings.PROVISIONING_DRIVERS
    if name not in drivers:
        raise LookupError(f"No provisioning driver is called {name}.")
    return _made(drivers[name])


@cache
def _made(path: str) -> Driver:
    driver: Driver = import_string(path)()
    return driver
