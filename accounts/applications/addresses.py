"""Which addresses an application may have people sent back to (INC-21)."""

import re
from urllib.parse import SplitResult, urlsplit

from django.utils.translation import gettext_lazy as _

from manager.kit.errors import DomainError

LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
LONGEST = 500
MOST = 10
# What RFC 3986 lets an address consist of; `*` is left out, as nobody registers a pattern.
_CHARACTERS = re.compile(r"[A-Za-z0-9\-._~:/?\[\]@!$&'()+,;=%]+")


class InvalidAddress(DomainError):
    """The address cannot be a redirect address."""

    code = "invalid_redirect_address"
    status = 422
    field = "redirect_addresses"


def check_addresses(addresses: list[str]) -> list[str]:
    """Return the addresses, each once, in the order given.

    :raises InvalidAddress: there is none, there are too many, or one may not be used.
    """
    unique = list(dict.fromkeys(addresses))
    if not unique:
        raise InvalidAddress(_("Enter at least one address."))
    if len(unique) > MOST:
        raise InvalidAddress(_("At most %(most)s addresses are possible.") % {"most": MOST})
    for address in unique:
        check_address(address)
    return unique


def check_address(address: str) -> None:
    """Let pass https addresses, and http ones on the person's own machine.

    :raises InvalidAddress: it is anything else, or has a fragment, a name with password, or a wildcard.
    """
    parts = _split(address)
    if parts is None or not parts.hostname or "@" in parts.netloc or "#" in address:
        raise InvalidAddress(_("%(address)s is no complete address.") % {"address": address[:100]})
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in LOOPBACK):
        raise InvalidAddress(
            _("%(address)s must begin with https://. Only 127.0.0.1 and localhost may use http://.")
            % {"address": address[:100]}
        )


def is_loopback(address: str) -> bool:
    """Return whether the address is an http one on the person's own machine."""
    parts = _split(address)
    return parts is not None and parts.scheme == "http" and parts.hostname in LOOPBACK


def origin_of(address: str) -> str:
    """Return scheme, host and port of a registered address."""
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"


def _split(address: str) -> SplitResult | None:
    if len(address) > LONGEST or not _CHARACTERS.fullmatch(address):
        return None
    try:
        parts = urlsplit(address)
        usable = parts.port != 0
    except ValueError:  # a port that is no number, or a broken IPv6 address
        return None
    return parts if usable else None
