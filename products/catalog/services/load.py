"""Bring the catalogue in the database to what a file says."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from pathlib import Path

from django.db import transaction

from manager.kit.actor import Actor
from products.catalog.catalog_file import read_catalog
from products.catalog.differences import Difference, find_differences
from products.catalog.journal import Stamp
from products.catalog.services.store import lock_catalog, store_differences
from products.catalog.snapshot import read_database


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a load has changed."""

    families: int
    plans: int
    prices_opened: int
    prices_closed: int


@transaction.atomic
def load_catalog(*, path: Path, on: date, actor: Actor | None = None, at: datetime | None = None) -> Loaded:
    """Make the catalogue like the file at `path` from the day `on`; a second time changes nothing (PRD-1).

    A changed price ends on the day before `on` and a new one begins, so that what was quoted stays
    known. Plans and options that the file no longer has are kept for their products, and are not sold
    any more. In the history it is done by `actor` (the system) at the instant `at` (as `on` begins).

    :raises CatalogInvalid: the file is not a catalogue; nothing is changed.
    """
    wanted = read_catalog(path, on=on)
    lock_catalog()
    differences = find_differences(read_database(), wanted, on)
    when = at or datetime.combine(on, time.min, tzinfo=UTC)
    store_differences(differences, Stamp(actor or Actor.system("catalog"), when, path.name[:120]))
    return Loaded(
        len(wanted),
        sum(len(family.plans) for family in wanted),
        sum(count_opened(one) for one in differences if one.key),
        sum(count_closed(one) for one in differences if one.key),
    )


def count_opened(one: Difference) -> int:
    """Return how many new amounts a changed price has."""
    known = {(span.since, span.amount) for span in one.before}
    return sum((span.since, span.amount) not in known for span in one.after)


def count_closed(one: Difference) -> int:
    """Return how many amounts of a changed price end sooner, or never begin."""
    ends = {(span.since, span.amount): span.until for span in one.after}
    closed = [span for span in one.before if span.until != ends.get((span.since, span.amount), ...)]
    return len(closed)
