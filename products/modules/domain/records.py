"""Records of a zone: what people type, checked type by type, and the form in which it is kept."""

import ipaddress
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

import dns.exception
import dns.rdata
import dns.rdataclass
import dns.rdatatype
from django.utils.translation import gettext_lazy as _
from dns.rdtypes.ANY.TXT import TXT

from manager.kit.errors import DomainError
from products.modules.domain.names import NameInvalid, clean_host, clean_owner, to_unicode

TYPES = ("A", "AAAA", "CAA", "CNAME", "DS", "MX", "NS", "SRV", "TLSA", "TXT")
WITH_PRIORITY = frozenset({"MX", "SRV"})
SHORTEST_TTL, USUAL_TTL, LONGEST_TTL = 60, 3600, 604_800
MAX_NUMBER = 65_535
MAX_TEXT = 4000
MAX_VALUE = 8000
CHUNK = 255


class RecordInvalid(DomainError):
    """A field of the record has a value that such a record cannot have; `field` says which."""

    code = "record_invalid"
    status = 422
    field = "value"


@dataclass(frozen=True, slots=True)
class Record:
    """A record: `name` relative to the domain, `data` as in a zone file, with whole names."""

    id: int
    name: str
    type: str
    ttl: int
    data: str

    @property
    def key(self) -> tuple[str, str, str]:
        """What may be in a zone only once."""
        return self.name, self.type, self.data

    @property
    def priority(self) -> int | None:
        """The number before the rest, of those types that have one."""
        return int(self.data.split(" ", 1)[0]) if self.type in WITH_PRIORITY else None

    @property
    def value(self) -> str:
        """What follows the priority, as people type it."""
        show = SHOWN.get(self.type)
        return show(self.data) if show else self.data

    @property
    def readable_name(self) -> str:
        """The name with its accents."""
        return to_unicode(self.name)

    def as_dict(self) -> dict[str, Any]:
        """Return it as it is stored."""
        return asdict(self)


def make_record(
    *, origin: str, name: str, kind: str, ttl: int, value: str, priority: int | None = None, number: int = 0
) -> Record:
    """Return a checked record of a type from what was typed; `number` is its id, 0 of a new one.

    :raises RecordInvalid: a field has a value that it cannot have.
    """
    if kind not in TYPES:
        raise RecordInvalid(_("This type of record is not known here."), field="type")
    if not SHORTEST_TTL <= ttl <= LONGEST_TTL:
        limits = {"least": SHORTEST_TTL, "most": LONGEST_TTL}
        raise RecordInvalid(_("A TTL has between %(least)d and %(most)d seconds.") % limits, field="ttl")
    try:
        owner = clean_owner(name, origin=origin)
    except NameInvalid as error:
        raise RecordInvalid(str(error), field="name") from error
    if kind == "SRV" and not owner.startswith("_"):
        raise RecordInvalid(_("The name of a service begins as in _sip._tcp."), field="name")
    return Record(number, owner, kind, ttl, _clean_value(kind, value.strip(), priority, origin))


def _clean_value(kind: str, typed: str, priority: int | None, origin: str) -> str:
    if not typed:
        raise RecordInvalid(_("Please enter a value."))
    if len(typed) > MAX_VALUE:
        raise RecordInvalid(_("This value is too long."))
    if kind in WITH_PRIORITY:
        priority, typed = _split_priority(priority, typed, parts=2 if kind == "MX" else 4)
        typed = f"{priority} {typed}"
    try:
        return _canonical(kind, PARSERS[kind](typed, origin))
    except NameInvalid as error:
        raise RecordInvalid(str(error)) from error


def _split_priority(priority: int | None, typed: str, *, parts: int) -> tuple[int, str]:
    """Take the priority from its field, or from the front of a value as it stands in a zone file."""
    if priority is None:
        first, _blank, rest = typed.partition(" ")
        if not (first.isascii() and first.isdigit() and len(first) <= 5 and len(typed.split()) == parts):
            raise RecordInvalid(_("Please enter a priority, for example 10."), field="priority")
        priority, typed = int(first), rest.strip()
    if not 0 <= priority <= MAX_NUMBER:
        raise RecordInvalid(_("A priority lies between 0 and 65535."), field="priority")
    return priority, typed


def _canonical(kind: str, data: str) -> str:
    try:
        found = dns.rdata.from_text(dns.rdataclass.IN, dns.rdatatype.from_text(kind), data, relativize=False)
        return str(found.to_text())
    except (dns.exception.DNSException, ValueError, UnicodeError, ArithmeticError) as error:
        raise RecordInvalid(HINTS[kind]) from error


def _ipv4(typed: str, origin: str) -> str:
    try:
        return str(ipaddress.IPv4Address(typed))
    except ValueError as error:
        raise RecordInvalid(HINTS["A"]) from error


def _ipv6(typed: str, origin: str) -> str:
    try:
        address = ipaddress.IPv6Address(typed)
    except ValueError as error:
        raise RecordInvalid(HINTS["AAAA"]) from error
    if address.scope_id:
        raise RecordInvalid(HINTS["AAAA"])
    return str(address)


def _target(typed: str, origin: str) -> str:
    return f"{clean_host(typed, origin=origin)}."


def _name_server(typed: str, origin: str) -> str:
    return f"{clean_host(typed, origin=origin, is_strict=True)}."


def _mx(typed: str, origin: str) -> str:
    priority, target = typed.split(" ", 1)
    if target == ".":  # no mail at all (RFC 7505)
        return "0 ."
    return f"{priority} {clean_host(target, origin=origin, is_strict=True)}."


def _srv(typed: str, origin: str) -> str:
    parts = typed.split()
    numbers = parts[:3]
    if len(parts) != 4 or not all(part.isascii() and part.isdigit() and len(part) <= 5 for part in numbers):
        raise RecordInvalid(HINTS["SRV"])
    if any(int(part) > MAX_NUMBER for part in numbers):
        raise RecordInvalid(_("Weight and port lie between 0 and 65535."))
    target = "." if parts[3] == "." else f"{clean_host(parts[3], origin=origin)}."
    return " ".join([*numbers, target])


def _text(typed: str, origin: str) -> str:
    if typed.startswith('"'):
        found = _canonical("TXT", typed)
        if sum(len(part) for part in _strings(found)) > MAX_TEXT:
            raise RecordInvalid(_("A text has at most 4000 characters."))
        return found
    if any(ord(character) < 32 or ord(character) == 127 for character in typed):
        raise RecordInvalid(_("A text has no line breaks or other control characters."))
    raw = typed.encode("utf-8", "replace")
    if len(raw) > MAX_TEXT:
        raise RecordInvalid(_("A text has at most 4000 characters."))
    return _quoted(raw)


def _quoted(raw: bytes) -> str:
    """Return a text in quotes, cut into the strings of at most 255 bytes of which a record is made."""
    chunks = [raw[start : start + CHUNK] for start in range(0, len(raw), CHUNK)] or [b""]
    return str(TXT(dns.rdataclass.IN, dns.rdatatype.TXT, chunks).to_text())


def _strings(data: str) -> tuple[bytes, ...]:
    found: Any = dns.rdata.from_text(dns.rdataclass.IN, dns.rdatatype.TXT, data)
    return tuple(found.strings)


def _caa(typed: str, origin: str) -> str:
    flags, _blank, rest = typed.partition(" ")
    tag, _blank, value = rest.strip().partition(" ")
    value = value.strip()
    if (
        flags not in {"0", "128"}
        or tag.lower() not in {"issue", "issuewild", "issuemail", "iodef"}
        or not value
    ):
        raise RecordInvalid(HINTS["CAA"])
    if not value.startswith('"'):
        value = _quoted(value.encode("utf-8", "replace"))
    return f"{flags} {tag.lower()} {value}"


def _numbered_hash(most: tuple[int, ...], lengths: dict[int, int], kind: str) -> Callable[[str, str], str]:
    """Return the parser of numbers that end with a kind of hash, and the hash in hexadecimal digits."""

    def parse(typed: str, origin: str) -> str:
        parts = typed.split()
        numbers, digits = parts[: len(most)], "".join(parts[len(most) :]).lower()
        plain = all(part.isascii() and part.isdigit() and len(part) <= 5 for part in numbers)
        if not plain or len(numbers) < len(most) or not digits or set(digits) - set("0123456789abcdef"):
            raise RecordInvalid(HINTS[kind])
        known = all(int(part) <= limit for part, limit in zip(numbers, most, strict=True))
        length = lengths.get(int(numbers[-1]), len(digits))
        if (
            not known
            or len(digits) % 2
            or len(digits) != length
            or (kind == "DS" and int(numbers[-1]) not in lengths)
        ):
            raise RecordInvalid(HINTS[kind])
        return " ".join([*numbers, digits])

    return parse


PARSERS: dict[str, Callable[[str, str], str]] = {
    "A": _ipv4,
    "AAAA": _ipv6,
    "CAA": _caa,
    "CNAME": _target,
    "DS": _numbered_hash((MAX_NUMBER, 255, 4), {1: 40, 2: 64, 4: 96}, "DS"),
    "MX": _mx,
    "NS": _name_server,
    "SRV": _srv,
    "TLSA": _numbered_hash((3, 1, 2), {1: 64, 2: 128}, "TLSA"),
    "TXT": _text,
}
HINTS = {
    "A": _("An IPv4 address, for example 192.0.2.17."),
    "AAAA": _("An IPv6 address, for example 2001:db8::17."),
    "CAA": _("Which authority may issue certificates, for example: 0 issue letsencrypt.org"),
    "CNAME": _("The host to which this name leads, for example shop.example.com, or @ for the domain."),
    "DS": _("Key tag, algorithm, kind of digest and digest, for example: 2371 13 2 1f98…"),
    "MX": _("The mail server, for example mail.example.com."),
    "NS": _("The name server to which this part of the domain is handed over."),
    "SRV": _("Weight, port and host, for example: 5 5060 sip.example.com"),
    "TLSA": _("Usage, selector, kind of digest and digest, for example: 3 1 1 d2ab…"),
    "TXT": _("A text of at most 4000 characters. Quotes and cutting are done for you."),
}


def _show_text(data: str) -> str:
    raw = b"".join(_strings(data))
    try:
        text = raw.decode()
    except UnicodeDecodeError:
        return data
    plain = all(ord(character) >= 32 and ord(character) != 127 for character in text)
    same = plain and text == text.strip() and text and not text.startswith('"') and _quoted(raw) == data
    return text if same else data


def _show_target(data: str) -> str:
    return data if data == "." else data.removesuffix(".") if "." in data[:-1] else data


SHOWN: dict[str, Callable[[str], str]] = {
    "CNAME": _show_target,
    "NS": _show_target,
    "MX": lambda data: _show_target(data.split(" ", 1)[1]),
    "SRV": lambda data: " ".join([*data.split(" ")[1:3], _show_target(data.split(" ")[3])]),
    "TXT": _show_text,
}
