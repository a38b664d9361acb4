"""Where messages may go: public addresses by https, and nowhere into the operator's own networks.

The text of an address is checked when it is set. What counts is checked when it is used: the address of the
internet that its name leads to at that moment (`transport`).
"""

import ipaddress
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings

from organizations.webhooks.errors import AddressRefused
from organizations.webhooks.rules import LONGEST_ADDRESS

IP = ipaddress.IPv4Address | ipaddress.IPv6Address

# Translated to an address of IPv4 on the way; the second is for networks of one's own.
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
_REFUSED = tuple(
    ipaddress.ip_network(text)
    for text in (
        "0.0.0.0/8",
        "100.64.0.0/10",
        "192.0.0.0/24",
        "192.88.99.0/24",
        "198.18.0.0/15",
        "224.0.0.0/3",
        "::/96",
        "64:ff9b:1::/48",
        "100::/64",
        "2001::/23",
        "2001:db8::/32",
        "5f00::/16",
        "fc00::/7",
        "fe80::/9",
        "ff00::/8",
    )
)


@dataclass(frozen=True, slots=True)
class Place:
    """A checked address, taken apart. `is_local`: on this machine, which the settings allow."""

    scheme: str
    host: str
    port: int
    target: str
    is_local: bool


def read_address(url: str) -> Place:
    """Return where `url` leads.

    :raises AddressRefused: it is no https address with a name and one of the ports of the settings.
    """
    if (
        len(url) > LONGEST_ADDRESS
        or not url.isascii()
        or not url.isprintable()
        or set(url) & set(' "<>\\^`{|}')
    ):
        raise AddressRefused
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise AddressRefused from error
    host = (parts.hostname or "").rstrip(".")
    if "@" in parts.netloc or parts.fragment or not host:
        raise AddressRefused
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    if settings.WEBHOOKS_TO_LOOPBACK and parts.scheme in {"http", "https"} and is_loopback_text(host):
        return Place(
            parts.scheme, host, port or (80 if parts.scheme == "http" else 443), target, is_local=True
        )
    if parts.scheme != "https" or not _is_name(host) or (port or 443) not in settings.WEBHOOK_PORTS:
        raise AddressRefused
    return Place("https", host, port or 443, target, is_local=False)


def is_public(address: str) -> bool:
    """Return whether an address belongs to nobody's own network, also once it is translated."""
    try:
        ip: IP = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour
        if inner is None and ip in _NAT64:
            inner = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if inner is not None:
            ip = inner
    if any(ip in network for network in _REFUSED if network.version == ip.version):
        return False
    return ip.is_global and not ip.is_multicast and not ip.is_reserved


def is_loopback_text(host: str) -> bool:
    """Return whether a host is an address of this machine, written as one: no name has to be asked for."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _is_name(host: str) -> bool:
    """Return whether a host is a name with a dot, and not an address in any way of writing one."""
    labels = host.split(".")
    last = labels[-1]
    return (
        len(host) <= 253
        and len(labels) > 1
        and all(
            label and len(label) <= 63 and label.replace("-", "").replace("_", "").isalnum()
            for label in labels
        )
        and not last.isdigit()
        and not last.lower().startswith("0x")
    )
