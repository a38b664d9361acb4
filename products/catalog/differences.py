"""What would change in the catalogue: the one list that is shown before an import, and that it follows.

The past is never rewritten: of prices only what holds on the day of the change and later is compared,
unless there is none yet.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from products.catalog.entries import (
    FAMILY_FIELDS,
    OPTION_FIELDS,
    PLAN_FIELDS,
    FamilyEntry,
    OptionEntry,
    PlanEntry,
    PriceKey,
    Prices,
)
from products.catalog.timeline import Timeline, before, join, merged, since

# What a thing of the catalogue is, and how its fields are called in a difference besides its own.
ORDER = "order"
FAMILY = "family"


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that changes: a family, a plan, an option, the order of some, or one price of either.

    `before` and `after` hold the fields that differ. `before` is None for what is new. With a `key` it is a
    price, and both are timelines.
    """

    family: str
    plan: str = ""
    option: str = ""
    before: Any = None
    after: Any = None
    key: PriceKey | None = None


def find_differences(present: list[FamilyEntry], wanted: list[FamilyEntry], on: date) -> list[Difference]:
    """Return what has to change on the day `on` so that the catalogue is as `wanted`.

    Families, plans and options that are not wanted stay for their products, but are not sold any more.
    """
    known = {family.slug: family for family in present}
    plans = {plan.slug: (family.slug, plan) for family in present for plan in family.plans}
    homes = {plan.slug: family.slug for family in wanted for plan in family.plans}
    found = list(_dropped(present, wanted))
    for family in wanted:
        found += _fields(Difference(family.slug), known.get(family.slug), family, FAMILY_FIELDS)
    for family in wanted:
        for plan in family.plans:
            found += _plan(family.slug, plans.get(plan.slug), plan, on)
        old = known.get(family.slug)
        stay = [plan for plan in old.plans if homes.get(plan.slug, family.slug) == family.slug] if old else []
        found += _order(Difference(family.slug), stay, family.plans)
    return [*found, *_order(Difference(""), present, wanted)]


def _plan(
    family: str, known: tuple[str, PlanEntry] | None, plan: PlanEntry, on: date
) -> Iterator[Difference]:
    at = Difference(family, plan.slug)
    old_family, old = known or ("", None)
    moved = {} if old is None or old_family == family else {FAMILY: (old_family, family)}
    yield from _fields(at, old, plan, PLAN_FIELDS, moved)
    yield from _prices(at, old.prices if old else {}, plan.prices, on)
    options = {option.slug: option for option in old.options} if old else {}
    for option in plan.options:
        at_option = Difference(family, plan.slug, option.slug)
        had = options.get(option.slug)
        yield from _fields(at_option, had, option, OPTION_FIELDS)
        yield from _prices(at_option, had.prices if had else {}, option.prices, on)
    yield from _order(at, old.options if old else [], plan.options)
    kept = {option.slug for option in plan.options}
    for slug, option in options.items():
        if slug not in kept and option.is_orderable:
            yield _off(Difference(family, plan.slug, slug), "is_orderable")


def _dropped(present: list[FamilyEntry], wanted: list[FamilyEntry]) -> Iterator[Difference]:
    families = {family.slug for family in wanted}
    plans = {plan.slug for family in wanted for plan in family.plans}
    for family in present:
        for plan in family.plans:
            if plan.slug not in plans and plan.is_orderable:
                yield _off(Difference(family.slug, plan.slug), "is_orderable")
        if family.slug not in families and family.is_published:
            yield _off(Difference(family.slug), "is_published")


def _off(at: Difference, flag: str) -> Difference:
    return Difference(at.family, at.plan, at.option, {flag: True}, {flag: False})


def _fields(
    at: Difference,
    old: FamilyEntry | PlanEntry | OptionEntry | None,
    new: FamilyEntry | PlanEntry | OptionEntry,
    names: tuple[str, ...],
    moved: dict[str, tuple[str, str]] | None = None,
) -> Iterator[Difference]:
    if old is None:
        values = {name: getattr(new, name) for name in names}
        yield Difference(at.family, at.plan, at.option, None, values)
        return
    pairs = {name: (getattr(old, name), getattr(new, name)) for name in names} | (moved or {})
    changed = {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}
    if changed:
        was, becomes = ({name: pair[side] for name, pair in changed.items()} for side in (0, 1))
        yield Difference(at.family, at.plan, at.option, was, becomes)


def _prices(at: Difference, old: Prices, new: Prices, on: date) -> Iterator[Difference]:
    for key in sorted({*old, *new}, key=tuple):
        was, becomes = old.get(key, ()), rebuilt(old.get(key, ()), new.get(key, ()), on)
        if was != becomes:
            yield Difference(at.family, at.plan, at.option, was, becomes, key)


def rebuilt(was: Timeline, wanted: Timeline, on: date) -> Timeline:
    """Return the timeline that keeps the past of `was` and goes on from `on` as `wanted`.

    Where there is no past, `wanted` brings its own; where both mean the same from `on` on, `was` stays.
    """
    if not was:
        return wanted
    future = merged(since(wanted, on))
    return was if merged(since(was, on)) == future else join(before(was, on), future)


def _order(
    at: Difference,
    old: Iterable[FamilyEntry | PlanEntry | OptionEntry],
    new: Iterable[FamilyEntry | PlanEntry | OptionEntry],
) -> Iterator[Difference]:
    """Compare the order of those that are in both; what is not wanted stands last."""
    slugs = [entry.slug for entry in new]
    was = [entry.slug for entry in old]
    becomes = slugs + [slug for slug in was if slug not in slugs]
    if [slug for slug in becomes if slug in was] != was or (was and becomes[: len(was)] != was):
        yield Difference(at.family, at.plan, at.option, {ORDER: was}, {ORDER: becomes})
