"""A zone as a file (RFC 1035): written for export, read with its problems for a preview, compared."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import dns.name
import dns.rdataclass
import dns.rdatatype
import dns.rrset
import dns.tokenizer
import dns.zonefile
from django.utils.translation import gettext_lazy as _

from manager.kit.errors import Text
from products.modules.domain.names import APEX, NameInvalid, clean_owner
from products.modules.domain.records import TYPES, USUAL_TTL, Record, RecordInvalid, make_record
from products.modules.domain.rules import MOST_RECORDS, find_problems

MAX_FILE = 256 * 1024
# Refresh, retry, expiry, and how long it is remembered that a name does not exist.
SOA_TIMES = "10800 3600 604800 3600"
LINE = re.compile(r":(\d+):")
# What the name servers write by themselves.
OURS = frozenset({"SOA", "RRSIG", "NSEC", "NSEC3", "NSEC3PARAM", "DNSKEY", "CDS", "CDNSKEY"})


@dataclass(frozen=True, slots=True)
class Reading:
    """What a zone file says: its records, what hinders taking them over, and what is left out."""

    records: list[Record] = field(default_factory=list)
    problems: list[Text] = field(default_factory=list)
    left_out: list[Text] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Difference:
    """What is in one state of a zone and not in another."""

    added: list[Record]
    removed: list[Record]
    kept: int

    def __bool__(self) -> bool:
        return bool(self.added or self.removed)


def write_zone(*, origin: str, records: Sequence[Record], serial: int, servers: Sequence[str]) -> str:
    """Return the zone as a file, with SOA and name servers, in a stable order."""
    lines = [
        f"$ORIGIN {origin}.",
        f"$TTL {USUAL_TTL}",
        f"@ {USUAL_TTL} IN SOA {servers[0]}. hostmaster.{origin}. {serial} {SOA_TIMES}",
        *(f"@ {USUAL_TTL} IN NS {server}." for server in servers),
        *(f"{one.name} {one.ttl} IN {one.type} {one.data}" for one in in_order(records)),
    ]
    return "\n".join(lines) + "\n"


def in_order(records: Sequence[Record]) -> list[Record]:
    """Return the records as lists show them: the domain itself first, then by name from its end."""
    return sorted(
        records,
        key=lambda one: (
            [] if one.name == APEX else one.name.split(".")[::-1],
            one.type,
            one.priority or 0,
            one.data,
        ),
    )


def read_zone(text: str, *, origin: str) -> Reading:
    """Return what a zone file says about the domain; it can neither name other files nor make up records."""
    reading = Reading()
    if len(text) > MAX_FILE:
        reading.problems.append(_("The file is too large: at most 256 kB."))
        return reading
    try:
        rrsets = _parse(text, origin)
    except Exception as error:  # noqa: BLE001  (a parser of anybody's text; whatever it says is shown)
        reading.problems.append(_unreadable(error))
        return reading
    for rrset in rrsets:
        kind, owner = dns.rdatatype.to_text(rrset.rdtype), rrset.name.to_text(omit_final_dot=True)
        for rdata in rrset:
            _take(reading, origin, _Line(owner.lower(), kind, rrset.ttl, rdata.to_text()))
            if len(reading.records) > MOST_RECORDS:
                reading.problems.append(_("A zone has at most %(count)d records.") % {"count": MOST_RECORDS})
                return reading
    for problem in find_problems(reading.records, origin=origin):
        reading.problems.append(_told(problem.record.name, problem.record.type, problem.message))
    return reading


def _parse(text: str, origin: str) -> list[dns.rrset.RRset]:
    domain = dns.name.from_text(f"{origin}.")
    manager = dns.zonefile.RRSetsReaderManager(domain, relativize=False, rdclass=dns.rdataclass.IN)
    with manager.writer(replacement=True) as transaction:  # type: ignore[no-untyped-call]  # of the library
        reader = dns.zonefile.Reader(
            dns.tokenizer.Tokenizer(text),
            dns.rdataclass.IN,
            transaction,
            allow_directives=("$ORIGIN", "$TTL"),
            default_ttl=USUAL_TTL,
        )
        # Names outside of the domain are not passed over in silence: they are told as problems.
        reader.zone_origin = dns.name.root
        reader.read()
    return list(manager.rrsets)


class _Line(NamedTuple):
    owner: str
    kind: str
    ttl: int
    data: str


def _take(reading: Reading, origin: str, line: _Line) -> None:
    kind = line.kind
    try:
        name = clean_owner(f"{line.owner}.", origin=origin)
    except NameInvalid as error:
        reading.problems.append(_told(line.owner, kind, str(error)))
        return
    words = {"name": name, "type": kind}
    if kind in OURS or (kind == "NS" and name == APEX):
        reading.left_out.append(_("%(name)s %(type)s: our name servers write it themselves.") % words)
    elif kind not in TYPES:
        reading.left_out.append(_("%(name)s %(type)s: this type is not known here.") % words)
    else:
        try:
            record = make_record(origin=origin, name=name, kind=kind, ttl=line.ttl, value=line.data)
        except RecordInvalid as error:
            reading.problems.append(_told(name, kind, str(error)))
        else:
            reading.records.append(record)


def _told(name: str, kind: str, message: Text) -> Text:
    return _("%(name)s %(type)s: %(message)s") % {"name": name, "type": kind, "message": message}


def _unreadable(error: Exception) -> Text:
    if isinstance(error, dns.zonefile.CNAMEAndOtherData):
        return _("An alias (CNAME) stands alone: one of the names has other records, too.")
    found = LINE.search(str(error))
    if found is None:
        return _("This is no zone file that can be read.")
    words = {"line": int(found[1]), "reason": str(error).split(":", 2)[-1].strip()[:200]}
    return _("The file cannot be read near line %(line)d: %(reason)s") % words


def compare(before: Sequence[Record], after: Sequence[Record]) -> Difference:
    """Return what is added and removed from `before` to `after`; a changed TTL is both."""
    old, new = _by_content(before), _by_content(after)
    return Difference(
        added=in_order([record for key, record in new.items() if key not in old]),
        removed=in_order([record for key, record in old.items() if key not in new]),
        kept=len(old.keys() & new.keys()),
    )


def _by_content(records: Sequence[Record]) -> Mapping[tuple[str, str, str, int], Record]:
    return {(*record.key, record.ttl): record for record in records}
