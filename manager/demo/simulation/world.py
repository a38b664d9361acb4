"""Where a simulation takes place: organizations in zones from Kiritimati to Niue, and what they will buy."""

import random
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from accounts.users.models import User
from accounts.users.services import register_user
from billing.holds.services import change_rule
from billing.holds.status import RuleKind
from billing.ledger.models import AccountKind
from billing.ledger.services import post_journal
from billing.profiles.services import set_up_entity
from billing.promotions.services import add_code
from manager.demo.management.commands.load_demo import CATALOG, SELLER
from manager.demo.psp.testing import SandboxProcess
from manager.demo.simulation.faults import DatabaseInUse, SimulationFailed
from manager.demo.simulation.provider import save_card
from manager.kit.actor import Actor, ActorKind
from manager.kit.scope import tenant_scope
from organizations.profile.models import Organization
from organizations.profile.services import create_organization
from products.catalog.services.load import load_catalog

# A leap day lies within the first years, and the first orders come at the end of a month.
BEGIN = date(2027, 1, 28)
PER_ORGANIZATION = 25
# So many organizations at least, but none with fewer products than that: one in each of the first zones.
LEAST, FEWEST = 5, 4
# Every second organization renews with a card, the others from their prepaid accounts; with faults all do.
WITH_CARD = 2
# Orders are placed on these in any case: an end of a month, both changes of the clocks, a leap day.
SPECIAL_DAYS = (date(2027, 1, 31), date(2027, 3, 28), date(2027, 10, 31), date(2028, 2, 29))
# Both ends of the world and both kinds of summer time first; then drawn, halves and quarters of hours.
ZONES = (
    "Pacific/Kiritimati",
    "Europe/Zurich",
    "Pacific/Niue",
    "Asia/Tokyo",
    "America/Los_Angeles",
    "Pacific/Auckland",
    "America/Sao_Paulo",
    "Africa/Cairo",
    "Asia/Kathmandu",
    "Australia/Lord_Howe",
    "America/St_Johns",
    "Pacific/Chatham",
    "Africa/Casablanca",
    "Asia/Kolkata",
    "America/Santiago",
    "Atlantic/Azores",
)
PLACES = (
    ("CH", "Bahnhofstrasse 1", "8001", "Zürich"),
    ("FR", "8 rue des Lilas", "69003", "Lyon"),
    ("CH", "Seestrasse 40", "3600", "Thun"),
    ("DE", "Lindenweg 3", "10115", "Berlin"),
)
# How often a plan is bought, and for which periods.
STOCK: tuple[tuple[int, str, tuple[int, ...]], ...] = (
    (28, "domain-ch", (12, 12, 24)),
    (14, "domain-com", (12,)),
    (10, "domain-eu", (12,)),
    (14, "web-hosting", (12, 12, 24)),
    (8, "wordpress-hosting", (12,)),
    (10, "mail-service", (12,)),
    (8, "kdrive-team", (12, 24)),
    (2, "vps-lite", (1,)),
    (3, "swiss-backup", (1, 12)),
)
# With faults more is bought by the month, so that there is more to charge.
MONTHLY = ((25, "vps-lite", (1,)), (25, "swiss-backup", (1,)))
SUFFIXES = {"domain-ch": "ch", "domain-com": "com", "domain-eu": "eu"}
OPTIONS: dict[str, tuple[dict[str, int], ...]] = {
    "domain": ({}, {"renewal-warranty": 1}, {"domain-privacy": 1, "dns-fastanycast": 1}),
    "web-hosting": ({}, {"storage": 250}, {"mail-addresses": 12}),
    "mail-service": ({}, {"mail-addresses": 15}),
    "kdrive-team": ({}, {"storage": 6}),
}
# Orders with such a name wait for staff: about one of twenty.
HELD_WORDS = ["13.", "37."]
CODES: dict[str, dict[str, Any]] = {
    "TENTH": {"kind": "percent", "percent": 1_000},
    "MINUS5": {"kind": "fixed", "amount": 500, "currency": "CHF", "limit_total": 50},
}
# What the customers put on their prepaid accounts each month, in minor units: every fifth has too little.
MONTHLY_TOP_UPS = (150_000, 90_000, 150_000, 60_000, 8_000)
NOON = time(12, tzinfo=UTC)
STAFF = Actor(ActorKind.STAFF, None, "Staff of the simulation")


@dataclass
class World:
    """A simulation under way: where its cards are charged, and the names of products by id, to tell of them.

    `calendar` says what people do on which day; what they do can lead to more of it.
    """

    seed: int
    dice: random.Random
    owner: User
    actor: Actor
    organizations: list[Organization]
    provider: SandboxProcess
    stock: tuple[tuple[int, str, tuple[int, ...]], ...] = STOCK
    counts: Counter[str] = field(default_factory=Counter)
    names: dict[int, str] = field(default_factory=dict)
    bought: int = 0
    calendar: dict[date, list[str]] = field(default_factory=lambda: defaultdict(list))

    def fail(self, day: date, product_id: int | None, found: str) -> SimulationFailed:
        """Return the failure to raise about a product on a day."""
        subject = self.names.get(product_id, f"product {product_id}") if product_id else "the books"
        return SimulationFailed(seed=self.seed, day=day, subject=subject, found=found)


def noon(day: date) -> datetime:
    """Return noon of `day` in UTC, when people act; the periodic work runs half an hour later."""
    return datetime.combine(day, NOON)


def found_world(
    *, seed: int, products: int, provider: SandboxProcess, part: int = 0, faults: bool = False
) -> World:
    """Fill an empty database with a catalogue, a seller and the organizations that will buy `products`.

    Worlds of the same seed differ by their `part`; one for `faults` has more to charge.

    :raises DatabaseInUse: it holds organizations already.
    """
    if Organization.objects.using("system").exists():
        raise DatabaseInUse
    at = noon(BEGIN - timedelta(days=1))
    load_catalog(path=CATALOG, on=at.date())
    set_up_entity(code="ch", **SELLER)
    owner = register_user(
        email="simulation@demo.example",
        first_name="Sim",
        last_name="Ulation",
        phone="+41791110000",
        password="quiet-harbour-lantern",  # noqa: S106  (nobody can sign in: the database is thrown away)
        language="en",
        actor=Actor.system("simulation"),
        at=at,
        email_confirmed=True,
    )
    if owner is None:
        raise DatabaseInUse
    actor = Actor(ActorKind.PERSON, owner.pk, owner.name, address="127.0.0.1")
    dice = random.Random(seed if not part else f"{seed}:{part}")
    world = World(seed, dice, owner, actor, [], provider, STOCK + MONTHLY if faults else STOCK)
    _write_rules(at)
    for number in range(max(-(-products // PER_ORGANIZATION), min(LEAST, -(-products // FEWEST)))):
        zone = ZONES[number] if number < LEAST else dice.choice(ZONES)
        organization = _found(number, zone, owner, actor, at)
        world.organizations.append(organization)
        if faults or number % WITH_CARD:
            with tenant_scope(organization.pk):
                save_card(provider, organization, actor=actor, at=at)
    return world


def _write_rules(at: datetime) -> None:
    """Offer codes, and hold some of the orders."""
    for code, values in CODES.items():
        add_code(code=code, values={"valid_from": at.date(), **values}, actor=STAFF, at=at)
    parameters = {"words": HELD_WORDS}
    change_rule(kind=RuleKind.DOMAIN_NAME, is_on=True, parameters=parameters, actor=STAFF, at=at)


def _found(number: int, zone: str, owner: User, actor: Actor, at: datetime) -> Organization:
    country, street, postal_code, city = PLACES[number % len(PLACES)]
    return create_organization(
        name=f"Customer {number + 1}",
        kind="company",
        country=country,
        owner=owner,
        actor=actor,
        at=at,
        street=street,
        postal_code=postal_code,
        city=city,
        language="en",
        time_zone=zone,
    )


def top_up(organization: Organization, amount: int, at: datetime) -> None:
    """Put money on the prepaid account, as a bank transfer does."""
    with tenant_scope(organization.pk):
        post_journal(
            organization=organization,
            reference=f"simulation:{at.date()}:{amount}",
            kind="top_up",
            currency=organization.currency,
            entries=[(AccountKind.BANK, -amount), (AccountKind.PREPAID, amount)],
            description="Bank transfer",
            at=at,
        )


def write_calendar(world: World, *, products: int, months: int, weights: dict[str, int]) -> None:
    """Write down what people do on which day: the orders in the first third, anything else all the time.

    `weights` say how often what is done.
    """
    dice, days = world.dice, round(months * 30.4)
    calendar = world.calendar
    for _ in range(round(products / 2.5)):
        calendar[BEGIN + timedelta(days=dice.randrange(max(1, days // 3)))].append("order")
    for special in SPECIAL_DAYS:
        if special < BEGIN + timedelta(days=days):
            calendar[special] += ["order", "order"]
    names, chances = list(weights), list(weights.values())
    for _ in range(products * months // 20):
        day = BEGIN + timedelta(days=dice.randrange(days))
        calendar[day].append(dice.choices(names, chances)[0])
