"""The catalogue as a file: one YAML document, read and checked before anything is stored.

A price is an integer in minor units (690 is CHF 6.90) by currency and period in months, for the whole
period and without VAT. It holds from the day `prices_from` of the document, or where that is missing from
the day of the import; instead of the integer there may be a list of `{amount, from, until}`.
"""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

import yaml
from django.utils.translation import gettext as _

from manager.kit.errors import DomainError
from manager.kit.fields import CURRENCIES, PERIOD_MONTHS
from products.catalog.entries import DEFAULT_GRACE_DAYS, LANGUAGES, FamilyEntry, OptionEntry, PlanEntry
from products.catalog.file_values import (
    Wrong,
    at_line,
    not_a_mapping,
    read_days,
    read_flag,
    read_names,
    read_prices,
    read_some_texts,
    read_texts,
    read_units,
    read_word,
    refuse_unknown,
    shown,
)
from products.catalog.models import OptionKind, Purpose
from products.catalog.yaml_loader import line_of, load_yaml

__all__ = ["CURRENCIES", "DEMONSTRATION", "LANGUAGES", "PERIOD_MONTHS", "CatalogInvalid"]

Entry = TypeVar("Entry")

DEMONSTRATION = Path(__file__).parent / "demonstration.yaml"
MAX_CHARACTERS = 2_000_000

DOCUMENT = {"prices_from", "families"}
FAMILY = {"slug", "icon", "names", "published", "plans"}
PLAN = {
    *("slug", "kind", "icon", "names", "descriptions", "features", "needs_domain_name", "extension"),
    *("grace_days", "redemption_days", "trial_months", "cooling_off_days", "on_sale", "options"),
    *("prices", "first_period_prices", "restore_fees"),
}
OPTION = {
    *("slug", "kind", "names", "descriptions", "unit_names", "included", "minimum", "maximum", "step"),
    *("on_sale", "prices"),
}


class CatalogInvalid(DomainError):
    """The file is not a catalogue; the message says where."""

    code = "catalog_invalid"
    status = 422
    field = "file"


def read_catalog(path: Path, *, on: date = date.min) -> list[FamilyEntry]:
    """Return the families of the file at `path`; prices without a day of their own hold from `on`.

    :raises CatalogInvalid: as `parse_catalog`, or the file cannot be read.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise CatalogInvalid(f"{path.name}: {error}") from error
    try:
        return parse_catalog(text, on=on)
    except CatalogInvalid as error:
        raise CatalogInvalid(f"{path.name}: {error}") from error


def parse_catalog(text: str, *, on: date) -> list[FamilyEntry]:
    """Return the families of a document; prices without a day of their own hold from `on`.

    :raises CatalogInvalid: it is no YAML, something is missing, unknown or wrong, or a slug is there twice.
    """
    if len(text) > MAX_CHARACTERS:
        raise CatalogInvalid(_("The file is too large."))
    try:
        document = _mapping(load_yaml(text), "", DOCUMENT)
        families = _families(document, on)
        _refuse_all_twice(document)
    except yaml.MarkedYAMLError as error:
        told = {"line": error.problem_mark.line + 1 if error.problem_mark else 1, "problem": error.problem}
        raise CatalogInvalid(_("Line %(line)s: this is no YAML (%(problem)s).") % told) from error
    except yaml.YAMLError as error:
        raise CatalogInvalid(_("This is no YAML: %(error)s") % {"error": error}) from error
    except Wrong as error:
        raise CatalogInvalid(str(error)) from error
    return families


def _families(document: dict[str, Any], on: date) -> list[FamilyEntry]:
    day = document.get("prices_from", on)
    if type(day) is not date:
        raise Wrong("prices_from", _("a day such as 2027-01-31 is needed."), line_of(document, "prices_from"))
    return _list(document, "families", "", lambda entry: _family(entry, day))


def _refuse_all_twice(document: dict[str, Any]) -> None:
    """Refuse short names that are there twice, and extensions that two plans on sale have."""
    families = document["families"]
    plans = [plan for family in families for plan in family["plans"]]
    _refuse_twice(families, "slug")
    _refuse_twice(plans, "slug")
    _refuse_twice(
        [plan for plan in plans if plan.get("extension") and plan.get("on_sale", True)], "extension"
    )
    for plan in plans:
        _refuse_twice(plan.get("options", []), "slug")


def _refuse_twice(entries: list[dict[str, Any]], name: str) -> None:
    first: dict[str, int] = {}
    for entry in entries:
        line = line_of(entry, name)
        if entry[name] in first:
            reason = _("“%(value)s” is there twice, the first time in line %(line)d.")
            raise Wrong("", reason % {"value": entry[name], "line": first[entry[name]]}, line)
        first[entry[name]] = line


def _mapping(value: Any, where: str, known: set[str]) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise not_a_mapping(value, where)
    refuse_unknown(value, known, where)
    return value


def _list(
    entry: dict[str, Any], name: str, where: str, read: Callable[[Any], Entry], *, needed: bool = True
) -> list[Entry]:
    value = entry.get(name, None if needed else [])
    if not isinstance(value, list):
        reason = _("“%(name)s” is a list, and has to be there.") % {"name": name}
        raise Wrong(where, reason, line_of(entry, name))
    found = []
    for number, one in enumerate(value):
        with at_line(line_of(value, number)):
            found.append(read(one))
    return found


def _family(value: Any, day: date) -> FamilyEntry:
    entry = _mapping(value, "families", FAMILY)
    slug = read_word(entry, "slug", "families")
    return FamilyEntry(
        slug=slug,
        icon=read_word(entry, "icon", slug),
        names=read_names(entry, slug),
        is_published=read_flag(entry, "published", slug, default=True),
        plans=_list(entry, "plans", slug, lambda plan: _plan(plan, slug, day)),
    )


def _plan(value: Any, family: str, day: date) -> PlanEntry:
    entry = _mapping(value, family, PLAN)
    slug = read_word(entry, "slug", family)
    if "prices" not in entry:
        raise Wrong(slug, _("“%(name)s” is missing.") % {"name": "prices"}, line_of(entry))
    return PlanEntry(
        slug=slug,
        kind=read_word(entry, "kind", slug),
        icon=read_word(entry, "icon", slug),
        names=read_names(entry, slug),
        descriptions=read_some_texts(entry, "descriptions", slug),
        features=_list(
            entry, "features", slug, lambda feature: read_texts(feature, f"{slug} features"), needed=False
        ),
        needs_domain_name=read_flag(entry, "needs_domain_name", slug, default=False),
        extension=_extension(entry, slug),
        grace_days=read_days(entry, "grace_days", slug, default=DEFAULT_GRACE_DAYS),
        redemption_days=read_days(entry, "redemption_days", slug),
        trial_months=read_units(entry, "trial_months", slug, default=0, most=60),
        cooling_off_days=read_days(entry, "cooling_off_days", slug),
        is_orderable=read_flag(entry, "on_sale", slug, default=True),
        options=_list(entry, "options", slug, lambda option: _option(option, slug, day), needed=False),
        prices={
            **read_prices(entry, "prices", Purpose.RENEW, slug, day),
            **read_prices(entry, "first_period_prices", Purpose.REGISTER, slug, day),
            **read_prices(entry, "restore_fees", Purpose.RESTORE, slug, day),
        },
    )


def _extension(entry: dict[str, Any], where: str) -> str:
    value = entry.get("extension", "")
    if value == "":
        return ""
    labels = value[1:].split(".") if isinstance(value, str) and len(value) <= 63 else [""]
    fits = all(label.replace("-", "").isalnum() and label == label.lower() for label in labels)
    if not value or str(value)[0] != "." or not fits:
        reason = _("“%(value)s” is no extension such as .ch, in small letters.") % {"value": shown(value)}
        raise Wrong(f"{where} extension", reason, line_of(entry, "extension"))
    return str(value)


def _option(value: Any, plan: str, day: date) -> OptionEntry:
    entry = _mapping(value, f"{plan} options", OPTION)
    slug = read_word(entry, "slug", f"{plan} options")
    where = f"{plan} {slug}"
    kind = entry.get("kind")
    if kind not in OptionKind.values:
        reason = _("“%(value)s” is none of %(known)s.")
        told = {"value": shown(kind), "known": ", ".join(OptionKind.values)}
        raise Wrong(f"{where} kind", reason % told, line_of(entry, "kind"))
    option = OptionEntry(
        slug=slug,
        kind=kind,
        names=read_names(entry, where),
        descriptions=read_some_texts(entry, "descriptions", where),
        unit_names=read_some_texts(entry, "unit_names", where),
        included=read_units(entry, "included", where, default=0),
        minimum=read_units(entry, "minimum", where, default=0),
        maximum=read_units(entry, "maximum", where, default=1),
        step=read_units(entry, "step", where, default=1, least=1),
        is_orderable=read_flag(entry, "on_sale", where, default=True),
        prices=read_prices(entry, "prices", Purpose.RENEW, where, day),
    )
    limits = (option.included, option.minimum, option.maximum, option.step)
    if kind == OptionKind.SWITCH and (limits != (0, 0, 1, 1) or option.unit_names):
        raise Wrong(where, _("a switch has neither units nor limits."), line_of(entry))
    if max(option.minimum, option.included) > option.maximum:
        reason = _("the maximum is below the minimum or what is included.")
        raise Wrong(where, reason, line_of(entry, "maximum"))
    return option
