"""Add and change families, plans and options by hand (PRD-1)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from manager.kit.actor import Actor
from manager.kit.errors import DomainError
from products.catalog.differences import FAMILY, ORDER, Difference
from products.catalog.entries import FAMILY_FIELDS, OPTION_FIELDS, PLAN_FIELDS
from products.catalog.journal import Stamp
from products.catalog.models import Family, Option, OptionKind, Plan
from products.catalog.services.store import lock_catalog, store_differences


class SlugTaken(DomainError):
    """There is one of this name already."""

    code = "slug_taken"
    status = 422
    message = _("This name is taken.")
    field = "slug"


class ExtensionTaken(DomainError):
    """Another plan on sale stands for this extension."""

    code = "extension_taken"
    status = 422
    message = _("Another plan on sale has this extension.")
    field = "extension"


class LimitsUnfit(DomainError):
    """The limits of an option contradict each other."""

    code = "limits_unfit"
    status = 422
    message = _("The maximum is below the minimum or below what is included.")
    field = "maximum"


@transaction.atomic
def add_family(*, slug: str, values: Mapping[str, Any], actor: Actor, at: datetime) -> Family:
    """Add a family at the end of the menu; unpublished until somebody publishes it.

    :raises SlugTaken: there is one called `slug`.
    """
    lock_catalog()
    if Family.objects.filter(slug=slug).exists():
        raise SlugTaken
    after = {**_only(values, FAMILY_FIELDS), "is_published": False}
    store_differences([Difference(slug, before=None, after=after)], Stamp(actor, at))
    return Family.objects.get(slug=slug)


@transaction.atomic
def change_family(*, family: Family, values: Mapping[str, Any], actor: Actor, at: datetime) -> Family:
    """Change names or icon of a family; what stays the same leaves no trace in the history."""
    lock_catalog()
    present = Family.objects.get(pk=family.pk)
    _change(Difference(present.slug), present, _only(values, FAMILY_FIELDS), Stamp(actor, at))
    return Family.objects.get(pk=family.pk)


@transaction.atomic
def add_plan(*, family: Family, slug: str, values: Mapping[str, Any], actor: Actor, at: datetime) -> Plan:
    """Add a plan at the end of a family; it is sold when it has prices and is published.

    :raises SlugTaken: there is one called `slug`, in whatever family.
    """
    lock_catalog()
    if Plan.objects.filter(slug=slug).exists():
        raise SlugTaken
    after = {**_only(values, PLAN_FIELDS), "is_orderable": False}
    store_differences([Difference(family.slug, slug, before=None, after=after)], Stamp(actor, at))
    return Plan.objects.select_related("family").get(slug=slug)


@transaction.atomic
def change_plan(
    *, plan: Plan, values: Mapping[str, Any], family: Family | None = None, actor: Actor, at: datetime
) -> Plan:
    """Change texts and terms of a plan, or move it to another family.

    Products keep what they were sold for; of the terms those hold that are in force when they are asked.

    :raises CatalogInvalid: another kind is wanted.
    :raises ExtensionTaken: another plan on sale has the extension.
    """
    lock_catalog()
    present = Plan.objects.select_related("family").get(pk=plan.pk)
    wanted = _only(values, PLAN_FIELDS)
    if present.is_orderable:
        refuse_taken_extension(present, str(wanted.get("extension", present.extension)))
    home = family.slug if family is not None else present.family.slug
    moved = {FAMILY: (present.family.slug, home)} if home != present.family.slug else {}
    _change(Difference(home, present.slug), present, wanted, Stamp(actor, at), moved)
    return Plan.objects.select_related("family").get(pk=plan.pk)


@transaction.atomic
def add_option(*, plan: Plan, slug: str, values: Mapping[str, Any], actor: Actor, at: datetime) -> Option:
    """Add an option at the end of a plan; it is sold as soon as it has a price.

    :raises SlugTaken: the plan has one called `slug`.
    :raises LimitsUnfit: see there.
    """
    lock_catalog()
    if Option.objects.filter(plan=plan, slug=slug).exists():
        raise SlugTaken
    after = _fit(_only(values, OPTION_FIELDS), values["kind"])
    family = Family.objects.get(pk=plan.family_id)
    store_differences([Difference(family.slug, plan.slug, slug, None, after)], Stamp(actor, at))
    return Option.objects.select_related("plan__family").get(plan=plan, slug=slug)


@transaction.atomic
def change_option(*, option: Option, values: Mapping[str, Any], actor: Actor, at: datetime) -> Option:
    """Change texts and limits of an option, or whether it is sold; products keep what they have.

    :raises LimitsUnfit: see there.
    :raises CatalogInvalid: another kind is wanted.
    """
    lock_catalog()
    present = Option.objects.select_related("plan__family").get(pk=option.pk)
    wanted = _only(values, OPTION_FIELDS)
    _fit({name: wanted.get(name, getattr(present, name)) for name in OPTION_FIELDS}, present.kind)
    at_option = Difference(present.plan.family.slug, present.plan.slug, present.slug)
    _change(at_option, present, wanted, Stamp(actor, at))
    return Option.objects.select_related("plan__family").get(pk=option.pk)


@transaction.atomic
def place_plan(*, plan: Plan, place: int, actor: Actor, at: datetime) -> None:
    """Put a plan at the `place` (from 0) in its family; the others move up or down."""
    lock_catalog()
    family = Family.objects.get(pk=plan.family_id)
    was = list(family.plans.order_by("position", "id").values_list("slug", flat=True))
    _reorder(Difference(family.slug), was, plan.slug, place, Stamp(actor, at))


@transaction.atomic
def place_family(*, family: Family, place: int, actor: Actor, at: datetime) -> None:
    """Put a family at the `place` (from 0) in the menu; the others move up or down."""
    lock_catalog()
    was = list(Family.objects.order_by("position", "id").values_list("slug", flat=True))
    _reorder(Difference(""), was, family.slug, place, Stamp(actor, at))


@transaction.atomic
def place_option(*, option: Option, place: int, actor: Actor, at: datetime) -> None:
    """Put an option at the `place` (from 0) in its plan; the others move up or down."""
    lock_catalog()
    plan = Plan.objects.select_related("family").get(pk=option.plan_id)
    was = list(plan.options.order_by("position", "id").values_list("slug", flat=True))
    _reorder(Difference(plan.family.slug, plan.slug), was, option.slug, place, Stamp(actor, at))


def refuse_taken_extension(plan: Plan, extension: str) -> None:
    """Refuse an extension that another plan on sale stands for.

    :raises ExtensionTaken: there is one.
    """
    others = Plan.objects.filter(extension=extension, is_orderable=True).exclude(pk=plan.pk)
    if extension and others.exists():
        raise ExtensionTaken


def _reorder(at: Difference, was: list[str], slug: str, place: int, stamp: Stamp) -> None:
    becomes = [one for one in was if one != slug]
    becomes.insert(max(0, place), slug)
    if becomes != was:
        one = Difference(at.family, at.plan, at.option, {ORDER: was}, {ORDER: becomes})
        store_differences([one], stamp)


def _only(values: Mapping[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    return {name: values[name] for name in names if name in values}


def _fit(values: dict[str, Any], kind: str) -> dict[str, Any]:
    if kind == OptionKind.SWITCH:
        return {**values, "unit_names": {}, "included": 0, "minimum": 0, "maximum": 1, "step": 1}
    if max(values["minimum"], values["included"]) > values["maximum"]:
        raise LimitsUnfit
    return values


def _change(
    at: Difference,
    row: Family | Plan | Option,
    values: dict[str, Any],
    stamp: Stamp,
    moved: dict[str, tuple[str, str]] | None = None,
) -> None:
    pairs = {name: (getattr(row, name), value) for name, value in values.items()} | (moved or {})
    changed = {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}
    if changed:
        before, after = ({name: pair[side] for name, pair in changed.items()} for side in (0, 1))
        store_differences([Difference(at.family, at.plan, at.option, before, after)], stamp)
