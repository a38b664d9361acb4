"""The catalogue as a file: one YAML document, read and checked before anything is stored.

A price is an integer in minor units (690 is CHF 6.90) by currency and period in months, for the whole
period and without VAT.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from django.utils.translation import gettext_lazy as _

from manager.kit.errors import DomainError
from manager.kit.fields import CURRENCIES, PERIOD_MONTHS

LANGUAGES = ("en", "fr", "de", "it", "es")
DEMONSTRATION = Path(__file__).parent / "demonstration.yaml"
DEFAULT_GRACE_DAYS = 30
MAX_AMOUNT = 10**9

Texts = dict[str, str]


class CatalogInvalid(DomainError):
    """The file is not a catalogue; the message says where."""

    code = "catalog_invalid"
    status = 422


@dataclass(frozen=True, slots=True)
class PlanEntry:
    """A plan as the file has it; `prices` are minor units by (currency, months)."""

    slug: str
    kind: str
    icon: str
    names: Texts
    descriptions: Texts
    features: list[Texts]
    needs_domain_name: bool
    grace_days: int
    redemption_days: int
    prices: dict[tuple[str, int], int]


@dataclass(frozen=True, slots=True)
class FamilyEntry:
    """A family as the file has it, with its plans in their order."""

    slug: str
    icon: str
    names: Texts
    plans: list[PlanEntry]


def read_catalog(path: Path) -> list[FamilyEntry]:
    """Return the families of the file at `path`.

    :raises CatalogInvalid: it is no YAML, something is missing or wrong, or a slug is there twice.
    """
    try:
        document = yaml.safe_load(path.read_text(encoding="utf-8"))
        families = [_family(entry) for entry in document["families"]]
    except (yaml.YAMLError, OSError, UnicodeDecodeError) as error:
        raise CatalogInvalid(f"{path.name}: {error}") from error
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise CatalogInvalid(_("The catalogue is not complete: %(error)s") % {"error": error}) from error
    slugs = [family.slug for family in families] + [plan.slug for family in families for plan in family.plans]
    twice = sorted({slug for slug in slugs if slugs.count(slug) > 1})
    if twice:
        raise CatalogInvalid(_("These names are there twice: %(slugs)s") % {"slugs": ", ".join(twice)})
    return families


def _family(entry: dict[str, Any]) -> FamilyEntry:
    slug = _word(entry, "slug")
    return FamilyEntry(
        slug=slug,
        icon=_word(entry, "icon"),
        names=_texts(entry["names"], slug),
        plans=[_plan(plan) for plan in entry["plans"]],
    )


def _plan(entry: dict[str, Any]) -> PlanEntry:
    slug = _word(entry, "slug")
    return PlanEntry(
        slug=slug,
        kind=_word(entry, "kind"),
        icon=_word(entry, "icon"),
        names=_texts(entry["names"], slug),
        descriptions=_texts(entry["descriptions"], slug),
        features=[_texts(feature, slug) for feature in entry.get("features", [])],
        needs_domain_name=bool(entry.get("needs_domain_name", False)),
        grace_days=_days(entry.get("grace_days", DEFAULT_GRACE_DAYS), slug),
        redemption_days=_days(entry.get("redemption_days", 0), slug),
        prices=_prices(entry["prices"], slug),
    )


def _word(entry: dict[str, Any], name: str) -> str:
    value = entry[name]
    if not isinstance(value, str) or not value or not value.replace("-", "").isalnum():
        raise ValueError(f"{name} {value!r}")
    return value


def _texts(texts: dict[str, Any], slug: str) -> Texts:
    missing = [language for language in LANGUAGES if not texts.get(language)]
    if missing:
        raise ValueError(f"{slug}: {', '.join(missing)} {texts.get('en', '')!r}")
    return {language: str(texts[language]) for language in LANGUAGES}


def _days(value: Any, slug: str) -> int:
    if type(value) is not int or not 0 <= value <= 3650:
        raise ValueError(f"{slug}: {value!r}")
    return value


def _prices(prices: dict[str, dict[int, int]], slug: str) -> dict[tuple[str, int], int]:
    known = {code for code, _ in CURRENCIES}
    found: dict[tuple[str, int], int] = {}
    for currency, by_months in prices.items():
        for months, amount in by_months.items():
            right = currency in known and months in PERIOD_MONTHS and type(amount) is int
            if not right or not 0 <= amount <= MAX_AMOUNT:
                raise ValueError(f"{slug}: {currency} {months!r} {amount!r}")
            found[currency, months] = amount
    return found
