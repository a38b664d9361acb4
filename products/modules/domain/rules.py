"""What the records of a zone must be together."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.utils.translation import gettext_lazy as _

from manager.kit.errors import DomainError, Text
from products.modules.domain.names import APEX, full_name
from products.modules.domain.records import Record

MOST_RECORDS = 500


class ZoneInvalid(DomainError):
    """The records cannot stand together in one zone."""

    code = "zone_invalid"
    status = 422


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a record beside the others; `field` is where the editor shows it."""

    record: Record
    message: Text
    field: str = "name"


def find_problems(records: Sequence[Record], *, origin: str) -> list[Problem]:
    """Return what is wrong with the records of a zone, record by record; nothing when all is well."""
    problems = [
        Problem(record, _("This very record is there already."), "value")
        for key, count in Counter(record.key for record in records).items()
        if count > 1
        for record in [next(one for one in records if one.key == key)]
    ]
    types: dict[str, set[str]] = defaultdict(set)
    for record in records:
        types[record.name].add(record.type)
    aliases = {full_name(record.name, origin) for record in records if record.type == "CNAME"}
    counts = Counter((record.name, record.type) for record in records)
    for record in records:
        if message := _misplaced(record, types[record.name], counts[record.name, record.type]):
            problems.append(Problem(record, message))
        elif record.type in {"MX", "NS", "SRV"} and record.data.split(" ")[-1].rstrip(".") in aliases:
            problems.append(
                Problem(
                    record, _("This host is an alias (CNAME) in this zone, which is not allowed."), "value"
                )
            )
    return problems


def _misplaced(record: Record, types: set[str], count: int) -> Text:
    if record.type == "CNAME":
        return _misplaced_alias(record, types, count)
    if record.type == "DS" and "NS" not in types:
        return _("A DS record stands at a part of the domain that has name servers (NS) of its own.")
    if record.type == "NS" and record.name == APEX:
        return _("The domain's own name servers are chosen on the page of the name servers.")
    return ""


def _misplaced_alias(record: Record, types: set[str], count: int) -> Text:
    if record.name == APEX:
        return _("The domain itself cannot be an alias (CNAME). Please use A and AAAA records.")
    if types != {"CNAME"}:
        return _("An alias (CNAME) stands alone: this name has other records.")
    return _("A name can be an alias (CNAME) of one host only.") if count > 1 else ""


def check_records(records: Sequence[Record], *, origin: str) -> None:
    """Let the records pass if they can stand together.

    :raises ZoneInvalid: they cannot, or there are too many; says the first problem.
    """
    if len(records) > MOST_RECORDS:
        raise ZoneInvalid(_("A zone has at most %(count)d records.") % {"count": MOST_RECORDS})
    for problem in find_problems(records, origin=origin):
        raise ZoneInvalid(problem.message, field=problem.field)


def share_ttl(records: Sequence[Record], *, of: Record) -> list[Record]:
    """Return the records with the TTL of one for all of its name and type, as the DNS wants it (RFC 2181)."""
    return [
        replace(record, ttl=of.ttl) if (record.name, record.type) == (of.name, of.type) else record
        for record in records
    ]
