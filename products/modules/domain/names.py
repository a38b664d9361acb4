"""Names of domains, hosts and records: typed by people, kept as the DNS knows them (IDNA 2008)."""

import ipaddress
import re

import idna
from django.utils.translation import gettext_lazy as _

from manager.kit.errors import DomainError

LONGEST = 253
HOST_LABEL = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)")
# Owners of records may have underscores: _dmarc, _sip._tcp.
OWNER_LABEL = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)")
APEX = "@"


class NameInvalid(DomainError):
    """What was typed is no name of a host, or of a record of this domain."""

    code = "name_invalid"
    status = 422
    message = _("Please enter a name such as www or mail.example.ch.")


def to_ascii(text: str, *, label: re.Pattern[str] = OWNER_LABEL) -> str:
    """Return a name in lower case without its last dot, its labels with accents in punycode.

    :raises NameInvalid: it is empty or too long, or has a label that no name has.
    """
    typed = text.strip().lower().removesuffix(".")
    if len(typed) > LONGEST:
        raise NameInvalid(_("This name is too long: at most 253 characters."))
    name = ".".join(_label(part, label) for part in re.split("[.。]", typed))
    if len(name) > LONGEST:
        raise NameInvalid(_("This name is too long: at most 253 characters."))
    return name


def _label(text: str, allowed: re.Pattern[str]) -> str:
    try:
        part = text if text.isascii() else idna.encode(text, uts46=True).decode()
    except (idna.IDNAError, UnicodeError) as error:
        raise NameInvalid from error
    if len(part) > 63:
        raise NameInvalid(_("A part of a name between two dots has at most 63 characters."))
    if not allowed.fullmatch(part):
        raise NameInvalid
    return part


def to_unicode(name: str) -> str:
    """Return a name as people read it; labels that cannot be decoded stay as they are."""
    return ".".join(_readable(part) for part in name.split("."))


def _readable(part: str) -> str:
    if not part.startswith("xn--"):
        return part
    try:
        return idna.decode(part)
    except (idna.IDNAError, UnicodeError):
        return part


def clean_domain(text: str) -> str:
    """Return the name of a domain.

    :raises NameInvalid: it has no dot, or is none.
    """
    name = to_ascii(text, label=HOST_LABEL)
    if "." not in name or name.rsplit(".", 1)[1].isdigit():
        raise NameInvalid
    return name


def clean_host(text: str, *, origin: str, is_strict: bool = False) -> str:
    """Return the full name of a host: `@` is the domain, a name without any dot one below it.

    With `is_strict` only letters, digits and hyphens: a name that a name server or mail server can have.

    :raises NameInvalid: it is an address, or no name.
    """
    typed = text.strip()
    if typed == APEX:
        return origin
    if _is_address(typed.rstrip(".")):
        raise NameInvalid(_("Please enter the name of a host here, not an address."))
    name = to_ascii(typed, label=HOST_LABEL if is_strict else OWNER_LABEL)
    full = name if "." in name or typed.endswith(".") else f"{name}.{origin}"
    if len(full) > LONGEST:
        raise NameInvalid(_("This name is too long: at most 253 characters."))
    return full


def clean_owner(text: str, *, origin: str) -> str:
    """Return the name of a record, relative to the domain: `@` for the domain itself, `www`, `*.shop`.

    The whole name with the domain is taken as well.

    :raises NameInvalid: it is no name, or that of another domain.
    """
    typed = text.strip() or APEX
    if typed == APEX:
        return APEX
    star, rest = ("*.", typed[2:]) if typed.startswith("*.") else ("", typed)
    if typed in {"*", f"*.{origin}", f"*.{origin}."}:
        return "*"
    name = to_ascii(rest)
    if name == origin:
        name = ""
    elif name.endswith(f".{origin}"):
        name = name.removesuffix(f".{origin}")
    elif rest.endswith("."):
        raise NameInvalid(_("This name does not belong to %(domain)s.") % {"domain": to_unicode(origin)})
    owner = f"{star}{name}".removesuffix(".") or APEX
    if len(full_name(owner, origin)) > LONGEST:
        raise NameInvalid(_("This name is too long: at most 253 characters."))
    return owner


def full_name(owner: str, origin: str) -> str:
    """Return the whole name of a record."""
    return origin if owner == APEX else f"{owner}.{origin}"


def is_within(host: str, domain: str) -> bool:
    """Return whether the host is the domain itself or lies below it."""
    return host == domain or host.endswith(f".{domain}")


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True
