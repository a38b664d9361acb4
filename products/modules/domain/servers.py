"""Name servers of one's own: how many, what they are called, and how those inside the domain are found."""

import ipaddress
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from manager.kit.errors import DomainError
from products.modules.domain.names import NameInvalid, clean_domain, is_within

FEWEST, MOST = 2, 13
MOST_ADDRESSES = 8


class ServersInvalid(DomainError):
    """The domain cannot have these name servers; `field` is one of the page, such as `host_1`."""

    code = "name_servers_invalid"
    status = 422


def check_servers(given: Sequence[Mapping[str, Any]], *, domain: str) -> list[dict[str, Any]]:
    """Return name servers as they are stored; none at all means the operator's own.

    Those that lie inside the domain need addresses, as nobody could ask for them otherwise (glue); others
    have none.

    :raises ServersInvalid: there are too few or too many, one is there twice, or one is not allowed.
    """
    if given and not FEWEST <= len(given) <= MOST:
        limits = {"fewest": FEWEST, "most": MOST}
        raise ServersInvalid(
            _("Please give between %(fewest)d and %(most)d name servers.") % limits, field="host_1"
        )
    servers: list[dict[str, Any]] = []
    for number, one in enumerate(given, start=1):
        host = _host(str(one.get("host", "")), number)
        if any(host == other["host"] for other in servers):
            raise ServersInvalid(_("This name server is there already."), field=f"host_{number}")
        addresses = _addresses(one.get("addresses") or [], number)
        if is_within(host, domain) and not addresses:
            raise ServersInvalid(
                _("A name server inside the domain needs its addresses."), field=f"addresses_{number}"
            )
        if addresses and not is_within(host, domain):
            raise ServersInvalid(
                _("Only name servers inside the domain have addresses here."), field=f"addresses_{number}"
            )
        servers.append({"host": host, "addresses": addresses})
    return servers


def _host(text: str, number: int) -> str:
    try:
        return clean_domain(text)
    except NameInvalid as error:
        message = _("Please enter the name of a name server, for example ns1.example.com.")
        raise ServersInvalid(message, field=f"host_{number}") from error


def _addresses(given: Sequence[Any], number: int) -> list[str]:
    found: list[str] = []
    for text in given:
        try:
            address = ipaddress.ip_address(str(text).strip())
        except ValueError as error:
            message = _("Please enter IP addresses, separated by commas.")
            raise ServersInvalid(message, field=f"addresses_{number}") from error
        if address.is_loopback or address.is_multicast or address.is_unspecified or address.is_link_local:
            raise ServersInvalid(_("Nobody can reach this address."), field=f"addresses_{number}")
        if "%" in str(address):
            raise ServersInvalid(_("Nobody can reach this address."), field=f"addresses_{number}")
        if str(address) not in found:
            found.append(str(address))
    if len(found) > MOST_ADDRESSES:
        raise ServersInvalid(_("These are too many addresses."), field=f"addresses_{number}")
    return found
