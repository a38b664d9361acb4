"""Run a simulation: people act, the periodic work runs, and every product is compared with its timeline."""

import hashlib
import logging
import random
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from itertools import cycle

from billing.holds.models import OrderHold
from billing.invoices.models import Invoice, InvoiceLine
from billing.ledger.models import Account
from billing.payment_methods.models import PaymentMethod
from manager.demo.simulation import buying, cards, living
from manager.demo.simulation.books import check_books
from manager.demo.simulation.charged import check_idle
from manager.demo.simulation.mishaps import Mishaps, is_month_end
from manager.demo.simulation.provider import provider_beside
from manager.demo.simulation.watch import Watch
from manager.demo.simulation.world import (
    BEGIN,
    MONTHLY_TOP_UPS,
    World,
    found_world,
    noon,
    top_up,
    write_calendar,
)
from manager.kit.errors import DomainError
from manager.kit.nudge import no_nudges
from manager.kit.scope import tenant_scope
from manager.outbox.registry import Handler, install, name_of
from manager.outbox.relay import drain_outbox
from manager.schedule import get_periodic
from manager.wiring import HANDLERS
from products.inventory.models import Product, ProductOption

Act = Callable[..., None]
Say = Callable[[str], None]

# What is done how often.
ACTS: dict[str, tuple[int, Act]] = {
    "settle order": (8, buying.settle_order),
    "renew by hand": (14, buying.renew_by_hand),
    "restore domain": (6, buying.restore_domain),
    "settle issued": (6, buying.settle_issued),
    "change means": (4, cards.change_means),
    "add card": (1, cards.add_card),
    "trouble card": (5, cards.trouble_card),
    "switch": (18, living.switch),
    "change offer": (18, living.change_offer),
    "withdraw change": (2, living.withdraw_a_change),
    "terminate": (6, living.terminate),
    "take back": (5, living.take_back),
    "transfer": (5, living.transfer),
}
VERBS: dict[str, Act] = {"order": buying.order} | {name: act for name, (_weight, act) in ACTS.items()}
# What moves money, days or states. Mails, documents, alerts and services have tests of their own.
DRAINS = (
    "payments",
    "refunds",
    "renewals",
    "changes",
    "reminders",
    "warranty",
    "unpayable",
    "life",
    "terminations",
    "transfers",
)
HEARD = ("billing.orders.", "billing.renewals.", "billing.changes.")
TICK = timedelta(minutes=30)
BOOKS_EVERY = 60
# What a mishap left is finished within hours: a lost answer is asked for, an event comes again.
SETTLED_AFTER = tuple(timedelta(hours=hours) for hours in (1, 2, 9))
# How often nobody thinks of the prepaid account in a month.
FORGOTTEN = 0.15


@dataclass(frozen=True, slots=True)
class Report:
    """What a simulation did. The digest is the same for the same seed, products and months."""

    seed: int
    counts: Mapping[str, int]
    digest: str


def simulate(
    *,
    seed: int,
    products: int,
    months: int,
    part: int = 0,
    faults: bool = False,
    say: Say = lambda text: None,
) -> Report:
    """Let about `products` products live for `months` in the empty database of this process.

    Nothing is told to the workers of a panel that may run beside it. Each `part` of a seed is another world.
    With `faults` the provider and the workers fail on some days; then the timelines are not compared, as
    they do not know of that, but the books and the provider's journal are, each month.

    :raises DatabaseInUse: the database holds organizations.
    :raises SimulationFailed: something is not as it was told, a day is paid twice or not at all, or the
        money does not agree.
    """
    with no_nudges(), _only_what_matters(), provider_beside() as provider:
        world = found_world(seed=seed, products=products, provider=provider, part=part, faults=faults)
        weights = {name: weight for name, (weight, _act) in ACTS.items()}
        write_calendar(world, products=products, months=months, weights=weights)
        with _no_error_logged(world) as errors:
            if faults:
                _live_with_faults(world, round(months * 30.4), part, say)
            else:
                _live(world, round(months * 30.4), errors, say)
        counts = dict(sorted(world.counts.items()))
        return Report(seed, counts, make_digest(world))


def _live_with_faults(world: World, days: int, part: int, say: Say) -> None:
    """Let mishaps happen to the periodic work; at the end of each month all must be well."""
    mishaps = Mishaps(random.Random(f"{world.seed}:{part}:faults"), world.provider, world.counts)
    for number in range(days):
        day = BEGIN + timedelta(days=number)
        at = noon(day)
        if number % 30 == 0:
            _top_up_all(world, at)
        _act(world, world.calendar.get(day, []), at)
        mishaps.work(_work, at + TICK)
        if is_month_end(day) or number == days - 1:
            for hours in SETTLED_AFTER:
                _work(at + hours)
            check_books(world, at=at + SETTLED_AFTER[-1])
            check_idle(world, at=at + SETTLED_AFTER[-1])
            say(f"{day}: all is well")
    statuses = Product.objects.using("system").values_list("status", flat=True)
    world.counts.update(Counter(f"in the end {status}" for status in statuses))


def _live(world: World, days: int, errors: list[str], say: Say) -> None:
    watch = Watch(world)
    for number in range(days):
        day = BEGIN + timedelta(days=number)
        at = noon(day)
        if number % 30 == 0:
            _top_up_all(world, at)
        touched = _act(world, world.calendar.get(day, []), at)
        if touched:
            watch.note_acts(touched, at=at)
        if watch.is_due(at + TICK) or touched:
            world.counts["days with something to do"] += 1
            _work(at + TICK)
            watch.compare(at=at + TICK)
        else:
            watch.pass_day(at=at + TICK)
        if errors:
            raise world.fail(day, None, errors[0])
        if number % BOOKS_EVERY == BOOKS_EVERY - 1 or number == days - 1:
            check_books(world, at=at + TICK)
            say(f"{day}: {len(watch.states)} products")
    world.counts["products compared with their timeline"] = watch.compared
    world.counts.update(Counter(f"in the end {state.status}" for state in watch.states.values()))


def _act(world: World, names: list[str], at: datetime) -> set[int]:
    """Let people act; return the organizations that were touched."""
    touched: set[int] = set()
    for name in names:
        if name.startswith(buying.DECIDE):
            hold = OrderHold.objects.using("system").get(pk=name.removeprefix(buying.DECIDE))
            owner = hold.organization_id
            act: Act = partial(buying.decide_hold, hold=hold)
        elif name.startswith(cards.RECOVER):
            card = PaymentMethod.objects.using("system").get(pk=name.removeprefix(cards.RECOVER))
            cards.recover_card(world, card)
            continue
        else:
            owner, act = world.dice.choice(world.organizations).pk, VERBS[name]
        touched.add(owner)
        world.counts[f"tried: {'decide hold' if name not in VERBS else name}"] += 1
        try:
            with tenant_scope(owner):
                act(world, at=at)
        except DomainError as error:  # the panel may say no, and must then have changed nothing
            world.counts[f"refused: {error.code}"] += 1
    if touched:
        drain_outbox(at=at)
    return touched


def _top_up_all(world: World, at: datetime) -> None:
    for number, organization in enumerate(world.organizations):
        if world.dice.random() >= FORGOTTEN:
            top_up(organization, MONTHLY_TOP_UPS[number % len(MONTHLY_TOP_UPS)], at)


def _work(at: datetime) -> None:
    """Do the periodic work as of `at` until a whole round finds nothing left, as a tick does.

    Events are carried on at once, as each commit nudges the relay.
    """
    drains = [get_periodic(name) for name in DRAINS]
    quiet = 0
    for drain in cycle(drains):
        if drain.run(at):
            drain_outbox(at=at)
            quiet = 0
        else:
            quiet += 1
        if quiet == len(drains):
            return


@contextmanager
def _only_what_matters() -> Iterator[None]:
    """Let only those handlers hear that move money, days or states."""
    install({event: [one for one in handlers if _is_heard(one)] for event, handlers in HANDLERS.items()})
    try:
        yield
    finally:
        install(HANDLERS)


def _is_heard(handler: Handler) -> bool:
    return name_of(handler).startswith(HEARD) and not handler.__qualname__.startswith("email_")


class _Errors(logging.Handler):
    """Keeps what was logged as an error: the drains go on after one, a simulation does not."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.found: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep the message with its exception."""
        cause = f": {record.exc_info[1]!r}" if record.exc_info else ""
        self.found.append(record.getMessage() + cause)


@contextmanager
def _no_error_logged(world: World) -> Iterator[list[str]]:
    handler = _Errors()
    root = logging.getLogger()
    root.addHandler(handler)
    try:
        yield handler.found
    finally:
        root.removeHandler(handler)


def make_digest(world: World) -> str:
    """Return a digest of the end state that knows no ids: products, paid lines, accounts."""
    digest = hashlib.sha256()
    owners = {row.pk: row.name for row in world.organizations}
    products = Product.objects.using("system").select_related("plan").order_by("name", "pk")
    for product in products:
        facts = (
            owners[product.organization_id],
            product.name,
            product.plan.slug,
            product.status,
            product.expires_on,
            product.months,
            product.quantity,
            product.auto_renew,
        )
        digest.update(repr(facts).encode())
    options = ProductOption.objects.using("system").values_list("product__name", "slug", "quantity")
    digest.update(repr(sorted(options)).encode())
    lines = InvoiceLine.objects.using("system").values_list(
        "invoice__number", "invoice__status", "position", "net_amount", "tax_amount", "covers"
    )
    digest.update(repr(sorted(map(repr, lines))).encode())
    invoices = Invoice.objects.using("system").values_list("organization__name", "status", "total_amount")
    digest.update(repr(sorted(invoices)).encode())
    accounts = Account.objects.using("system").values_list("organization__name", "kind", "balance")
    digest.update(repr(sorted(accounts)).encode())
    return digest.hexdigest()
