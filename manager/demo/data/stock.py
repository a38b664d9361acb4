"""What the organizations of the demonstration own: two hundred products at every stage of life."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

SEED = 2026


class Stage(StrEnum):
    """How far a product of the demonstration is in its life."""

    FAR = "far"
    DUE_AUTOMATIC = "due_automatic"
    DUE = "due"
    SUSPENDED = "suspended"
    REDEMPTION = "redemption"
    TERMINATED = "terminated"
    RELEASED = "released"


@dataclass(frozen=True, slots=True)
class Item:
    """A product to make: `expires_on` is the day that it is to expire on, `options` its units by slug."""

    tenant: str
    plan: str
    name: str
    months: int
    expires_on: date
    stage: Stage
    options: dict[str, int] = field(default_factory=dict)


COUNTS = {"alpina": 120, "dupont": 45, "seeclub": 20, "bianchi": 15}

PLACES = (
    *(
        "bergblick",
        "seeufer",
        "altstadt",
        "sonnenhof",
        "lindenplatz",
        "rosengarten",
        "muehlebach",
        "kirchfeld",
    ),
    *(
        "talstation",
        "hafenkran",
        "weinkeller",
        "schlossberg",
        "gletscher",
        "alpenrose",
        "quellwasser",
        "steinbock",
    ),
)
TRADES = ("hotel", "praxis", "velo", "garten", "schreinerei", "kaffee", "yoga", "optik", "verlag", "musik")
DOMAINS = {"alpina": "domain-ch", "dupont": "domain-fr", "seeclub": "domain-ch", "bianchi": "domain-com"}
SUFFIXES = {"domain-ch": "ch", "domain-fr": "fr", "domain-com": "com"}
# (plan, period in months, what it is called after the site's name); mail is called as its domain
SERVICES = (
    ("web-hosting", 12, "Website {}"),
    ("mail-service", 12, ""),
    ("wordpress-hosting", 12, "Blog {}"),
    ("vps-lite", 1, "Server {}"),
    ("kdrive-team", 12, "Files {}"),
    ("cloud-server", 12, "Cloud {}"),
    ("swiss-backup", 1, "Backup {}"),
    ("nas-4", 12, "NAS {}"),
    ("newsletter", 12, "Newsletter {}"),
    ("radio-streaming", 1, "Radio {}"),
    ("ksuite-pro", 12, "Team {}"),
)
# One of twenty each; the rest is far from its expiry.
STAGES = {
    0: Stage.DUE_AUTOMATIC,
    1: Stage.DUE,
    4: Stage.DUE,
    8: Stage.SUSPENDED,
    9: Stage.DUE_AUTOMATIC,
    12: Stage.REDEMPTION,
    15: Stage.TERMINATED,
    18: Stage.RELEASED,
}
# Days to the expiry by stage; those that are far from it depend on the period.
DAYS_LEFT = {
    Stage.DUE_AUTOMATIC: (15,),
    Stage.DUE: (2, 5, 14, 28),
    Stage.SUSPENDED: (-2, -4, -6),
    Stage.REDEMPTION: (-40,),
    Stage.TERMINATED: (-75,),
    Stage.RELEASED: (-120,),
}
# Options of some products, by plan, and of domains.
OPTIONS = {
    "web-hosting": {"storage": 250, "mail-addresses": 12},
    "mail-service": {"mail-addresses": 15},
    "kdrive-team": {"storage": 6},
}
DOMAIN_OPTIONS: tuple[dict[str, int], ...] = (
    {"domain-privacy": 1},
    {"dns-fastanycast": 1, "renewal-warranty": 1},
    {},
    {},
)
# A suspended domain of each tenant, which its warranty keeps from its end.
FORGOTTEN = 8
DOMAIN_STAGES = frozenset({Stage.REDEMPTION, Stage.RELEASED})


def plan_stock(*, today: date, periods: dict[str, set[int]]) -> Iterator[Item]:
    """Yield the products to make, the same for the same day; `periods` are those a plan is sold for."""
    chance = random.Random(SEED)
    for tenant, count in COUNTS.items():
        domain = ""
        for number in range(count):
            stage = STAGES.get(number % 20, Stage.FAR)
            site = f"{chance.choice(PLACES)}-{chance.choice(TRADES)}-{number + 1}"
            if stage in DOMAIN_STAGES or number % 2 == 0:
                plan = DOMAINS[tenant]
                name, months = f"{site}.{SUFFIXES[plan]}", 12
                domain = name
            else:
                plan, months, pattern = SERVICES[(number // 2) % len(SERVICES)]
                title = site.rsplit("-", 1)[0].replace("-", " ").title()
                name = pattern.format(title) if pattern else domain
            if months not in periods[plan]:
                months = min(periods[plan])
            expires_on = _expiry(stage, today, months, chance)
            yield Item(tenant, plan, name, months, expires_on, stage, _options(plan, number, stage))


def _options(plan: str, number: int, stage: Stage) -> dict[str, int]:
    if plan not in SUFFIXES:
        return OPTIONS.get(plan, {})
    if stage != Stage.FAR:
        return {"renewal-warranty": 1} if number == FORGOTTEN else {}
    return DOMAIN_OPTIONS[number // 2 % len(DOMAIN_OPTIONS)]


def _expiry(stage: Stage, today: date, months: int, chance: random.Random) -> date:
    far = (18, 24, 27) if months == 1 else (35, 70, 110, 150, 200, 260, 320)
    days = chance.choice(DAYS_LEFT.get(stage, far))
    return today + timedelta(days=days)
