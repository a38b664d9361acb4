"""Bring the catalogue in the database to what a file says."""

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from django.db import connection, transaction
from django.db.models import Q

from products.catalog.catalog_file import FamilyEntry, PlanEntry, read_catalog
from products.catalog.models import Family, Plan, Price

# Two loads at once would close each other's prices.
LOCK = 7_204_113


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a load has changed."""

    families: int
    plans: int
    prices_opened: int
    prices_closed: int


@transaction.atomic
def load_catalog(*, path: Path, on: date) -> Loaded:
    """Make the catalogue like the file at `path` from the day `on`; a second time changes nothing (PRD-1).

    A changed price ends on the day before `on` and a new one begins, so that what was quoted stays
    known. Plans that the file no longer has are kept for their products, and are not sold any more.

    :raises CatalogInvalid: the file is not a catalogue; nothing is changed.
    """
    entries = read_catalog(path)
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s)", [LOCK])
    families = [_store_family(entry, position) for position, entry in enumerate(entries)]
    plans: dict[Plan, PlanEntry] = {}
    for family, family_entry in zip(families, entries, strict=True):
        for position, entry in enumerate(family_entry.plans):
            plans[_store_plan(family, entry, position)] = entry
    Plan.objects.exclude(pk__in=[plan.pk for plan in plans]).update(is_orderable=False)
    opened = closed = 0
    for plan, entry in plans.items():
        newly_closed, newly_opened = _store_prices(plan, entry.prices, on)
        closed += newly_closed
        opened += newly_opened
    return Loaded(len(families), len(plans), opened, closed)


def _store_family(entry: FamilyEntry, position: int) -> Family:
    values = {"names": entry.names, "icon": entry.icon, "position": position}
    return Family.objects.update_or_create(slug=entry.slug, defaults=values)[0]


def _store_plan(family: Family, entry: PlanEntry, position: int) -> Plan:
    values = {
        "family": family,
        "kind": entry.kind,
        "names": entry.names,
        "descriptions": entry.descriptions,
        "features": entry.features,
        "icon": entry.icon,
        "position": position,
        "needs_domain_name": entry.needs_domain_name,
        "grace_days": entry.grace_days,
        "redemption_days": entry.redemption_days,
        "is_orderable": True,
    }
    return Plan.objects.update_or_create(slug=entry.slug, defaults=values)[0]


def _store_prices(plan: Plan, wanted: dict[tuple[str, int], int], on: date) -> tuple[int, int]:
    """Return how many prices of the plan were closed and opened."""
    still = Price.objects.filter(Q(valid_until=None) | Q(valid_until__gte=on), plan=plan)
    kept: set[tuple[str, int]] = set()
    closed = 0
    for price in still:
        key = (price.currency, price.months)
        if wanted.get(key) == price.amount and price.valid_until is None and price.valid_from <= on:
            kept.add(key)
        else:
            closed += 1
            _close(price, on)
    opened = [
        Price(plan=plan, currency=currency, months=months, amount=amount, valid_from=on)
        for (currency, months), amount in wanted.items()
        if (currency, months) not in kept
    ]
    Price.objects.bulk_create(opened)
    return closed, len(opened)


def _close(price: Price, on: date) -> None:
    """End a price the day before `on`; one that would never have been valid is removed."""
    if price.valid_from >= on:
        price.delete()
        return
    price.valid_until = on - timedelta(days=1)
    price.save(update_fields=["valid_until"])
