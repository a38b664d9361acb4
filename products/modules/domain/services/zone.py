"""Change the records of a zone; each change is a version that can be looked at and restored."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.db import transaction

from manager.kit.actor import Actor
from manager.kit.clock import day_in
from manager.kit.nudge import nudge
from organizations.audit.services import record_audit
from products.inventory.status import ProductStatus
from products.modules.domain.errors import DomainNotRunning, RecordNotFound, ZoneChanged
from products.modules.domain.models import Domain, ZoneChange, ZoneVersion
from products.modules.domain.records import Record, make_record
from products.modules.domain.rules import check_records, share_ttl
from products.modules.domain.selectors import get_version
from products.modules.domain.zonefile import compare

# How many versions are kept of what people did, and of what devices told beside them.
KEPT_VERSIONS = 100
KEPT_OF_DEVICES = 10
# Addresses that devices tell are soon others.
DYNAMIC_TTL = 60


def add_record(
    *, domain: Domain, record: Record, version: int | None = None, actor: Actor, at: datetime
) -> tuple[Domain, Record]:
    """Add a record; those of the same name and type get its TTL. Returns it as it stands in the zone.

    :raises ZoneChanged: the zone is not at `version` any more.
    :raises ZoneInvalid: it cannot stand beside the others.
    :raises DomainNotRunning: the product is not active.
    """
    row = _change(
        domain,
        lambda records: share_ttl([*records, record], of=record),
        _Act(ZoneChange.ADDED, version, actor, at),
    )
    return row, next(one for one in row.zone() if one.key == record.key)


def edit_record(
    *, domain: Domain, record: Record, version: int | None = None, actor: Actor, at: datetime
) -> Domain:
    """Put `record` in the place of the one with its id.

    :raises RecordNotFound: there is none with its id any more.
    :raises ZoneChanged: the zone is not at `version` any more.
    :raises ZoneInvalid: it cannot stand beside the others.
    :raises DomainNotRunning: the product is not active.
    """

    def change(records: list[Record]) -> list[Record]:
        if all(one.id != record.id for one in records):
            raise RecordNotFound
        return share_ttl([record if one.id == record.id else one for one in records], of=record)

    return _change(domain, change, _Act(ZoneChange.EDITED, version, actor, at))


def delete_records(
    *,
    domain: Domain,
    record_ids: Collection[int],
    version: int | None = None,
    actor: Actor,
    at: datetime,
) -> Domain:
    """Delete records at once, all or none.

    :raises RecordNotFound: one of them is not there any more.
    :raises ZoneChanged: the zone is not at `version` any more.
    :raises ZoneInvalid: what stays needs one of them.
    :raises DomainNotRunning: the product is not active.
    """
    wanted = set(record_ids)

    def change(records: list[Record]) -> list[Record]:
        if not wanted or wanted - {one.id for one in records}:
            raise RecordNotFound
        return [one for one in records if one.id not in wanted]

    return _change(domain, change, _Act(ZoneChange.DELETED, version, actor, at))


def import_zone(
    *, domain: Domain, records: Sequence[Record], version: int | None = None, actor: Actor, at: datetime
) -> Domain:
    """Put `records` in the place of all of the zone; nothing happens when they are the same.

    :raises ZoneChanged: the zone is not at `version` any more.
    :raises ZoneInvalid: they cannot stand together.
    :raises DomainNotRunning: the product is not active.
    """
    return _change(domain, lambda _: list(records), _Act(ZoneChange.IMPORTED, version, actor, at))


def restore_version(
    *, domain: Domain, number: int, version: int | None = None, actor: Actor, at: datetime
) -> Domain:
    """Bring the zone to the records of an earlier version, as a new one.

    :raises VersionNotFound: there is none, or it is not kept any more.
    :raises ZoneChanged: the zone is not at `version` any more.
    :raises DomainNotRunning: the product is not active.
    """
    earlier = get_version(domain=domain, number=number).zone()
    return _change(domain, lambda _: earlier, _Act(ZoneChange.RESTORED, version, actor, at))


def set_addresses(
    *, domain: Domain, name: str, addresses: Mapping[str, str], actor: Actor, at: datetime
) -> Domain:
    """Give a name the addresses that a device tells, by the type of record; other types stay (PRD-12).

    :raises ZoneInvalid: they cannot stand beside what the name has.
    :raises DomainNotRunning: the product is not active.
    """

    def change(records: list[Record]) -> list[Record]:
        told = [
            make_record(origin=domain.name, name=name, kind=kind, ttl=DYNAMIC_TTL, value=value)
            for kind, value in addresses.items()
        ]
        if {one.key for one in told} == {one.key for one in records if _is_of(one, name, addresses)}:
            return records
        return [*(one for one in records if not _is_of(one, name, addresses)), *told]

    return _change(domain, change, _Act(ZoneChange.DEVICE, None, actor, at))


def _is_of(record: Record, name: str, kinds: Collection[str]) -> bool:
    return record.name == name and record.type in kinds


@dataclass(frozen=True, slots=True)
class _Act:
    """What is done, at which version of the zone it was decided, by whom and when."""

    change: ZoneChange
    version: int | None
    actor: Actor
    at: datetime


@transaction.atomic
def _change(domain: Domain, change: Callable[[list[Record]], list[Record]], act: _Act) -> Domain:
    domains = Domain.objects.select_for_update(of=("self",)).select_related("product", "organization")
    row = domains.get(pk=domain.pk, organization_id=domain.organization_id)
    if row.product.status != ProductStatus.ACTIVE:
        raise DomainNotRunning
    if act.version is not None and act.version != row.version:
        raise ZoneChanged
    before = row.zone()
    after = change(before)
    check_records(after, origin=row.name)
    difference = compare(before, after)
    if not difference:
        return row
    write_version(
        domain=row,
        records=after,
        change=act.change,
        on=day_in(row.organization.time_zone, act.at),
        actor=act.actor,
        at=act.at,
    )
    record_audit(
        organization_id=row.organization_id,
        name="domain.zone_changed",
        actor=act.actor,
        at=act.at,
        subject=row.product,
        change=act.change.value,
        version=row.version,
        added=len(difference.added),
        removed=len(difference.removed),
    )
    nudge("domains")
    return row


def write_version(
    *, domain: Domain, records: Sequence[Record], change: ZoneChange, on: date, actor: Actor, at: datetime
) -> None:
    """Write the records as the next version of the locked domain, with the next serial number."""
    difference = compare(domain.zone(), records)
    domain.records = [record.as_dict() for record in _numbered(domain, records)]
    domain.version += 1
    domain.serial = next_serial(domain.serial, on)
    domain.changed_at, domain.changed_by = at, actor.name[:200]
    domain.save()
    ZoneVersion.objects.create(
        organization_id=domain.organization_id,
        product_id=domain.product_id,
        number=domain.version,
        serial=domain.serial,
        records=domain.records,
        change=change,
        added=len(difference.added),
        removed=len(difference.removed),
        made_at=at,
        made_by=domain.changed_by,
    )
    _forget_old(domain, change)


def _forget_old(domain: Domain, change: ZoneChange) -> None:
    """Delete the oldest versions; what devices tell each night pushes out nothing that people did."""
    mine = ZoneVersion.objects.filter(organization_id=domain.organization_id, product_id=domain.product_id)
    if change == ZoneChange.DEVICE:
        alike, kept = mine.filter(change=change), KEPT_OF_DEVICES
    else:
        alike, kept = mine.exclude(change=ZoneChange.DEVICE), KEPT_VERSIONS
    last = alike.order_by("-number").values_list("number", flat=True)[kept : kept + 1].first()
    if last is not None:
        alike.filter(number__lte=last).delete()


def _numbered(domain: Domain, records: Sequence[Record]) -> list[Record]:
    """Return the records with ids: their own, that of the same record before, or a new one."""
    known = {record.key: record.id for record in domain.zone()}
    taken: set[int] = set()
    found = []
    for record in records:
        number = record.id or known.get(record.key, 0)
        if not number or number in taken:
            domain.last_record_id += 1
            number = domain.last_record_id
        taken.add(number)
        found.append(replace(record, id=number))
    return found


def next_serial(serial: int, on: date) -> int:
    """Return the serial number that follows: of the day, or one more where that is reached already."""
    return max(serial + 1, int(f"{on:%Y%m%d}00"))
