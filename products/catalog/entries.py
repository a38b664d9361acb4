"""The catalogue as plain values: what a file says, what the database holds, and what is compared."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from products.catalog.timeline import Timeline

LANGUAGES = ("en", "fr", "de", "it", "es")
DEFAULT_GRACE_DAYS = 30
MAX_AMOUNT = 10**9
MAX_DAYS = 3650
MAX_UNITS = 1_000_000

Texts = dict[str, str]


class PriceKey(NamedTuple):
    """What of a plan or an option one price is for; a restore fee has 0 months."""

    purpose: str
    currency: str
    months: int


Prices = Mapping[PriceKey, Timeline]


@dataclass(frozen=True, slots=True)
class OptionEntry:
    """An option of a plan; the prices are for one step."""

    slug: str
    kind: str
    names: Texts
    descriptions: Texts
    unit_names: Texts = field(default_factory=dict)
    included: int = 0
    minimum: int = 0
    maximum: int = 1
    step: int = 1
    is_orderable: bool = True
    prices: Prices = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PlanEntry:
    """A plan with its terms, prices and options, these in the order of the shop."""

    slug: str
    kind: str
    icon: str
    names: Texts
    descriptions: Texts
    features: list[Texts] = field(default_factory=list)
    needs_domain_name: bool = False
    extension: str = ""
    grace_days: int = DEFAULT_GRACE_DAYS
    redemption_days: int = 0
    trial_months: int = 0
    cooling_off_days: int = 0
    is_orderable: bool = True
    options: list[OptionEntry] = field(default_factory=list)
    prices: Prices = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class FamilyEntry:
    """A family with its plans in the order of the shop."""

    slug: str
    icon: str
    names: Texts
    is_published: bool = True
    plans: list[PlanEntry] = field(default_factory=list)


# What is stored of each, besides its slug, its place and what it belongs to.
FAMILY_FIELDS = ("names", "icon", "is_published")
PLAN_FIELDS = (
    "kind",
    "icon",
    "names",
    "descriptions",
    "features",
    "needs_domain_name",
    "extension",
    "grace_days",
    "redemption_days",
    "trial_months",
    "cooling_off_days",
    "is_orderable",
)
OPTION_FIELDS = (
    "kind",
    "names",
    "descriptions",
    "unit_names",
    "included",
    "minimum",
    "maximum",
    "step",
    "is_orderable",
)


def common_day(families: list[FamilyEntry]) -> date | None:
    """Return the day from which most prices hold until further notice, the earliest of several."""
    days: dict[date, int] = {}
    for family in families:
        for plan in family.plans:
            for prices in (plan.prices, *(option.prices for option in plan.options)):
                for line in prices.values():
                    if len(line) == 1 and line[0].until is None:
                        days[line[0].since] = days.get(line[0].since, 0) + 1
    return min(days, key=lambda day: (-days[day], day), default=None)
