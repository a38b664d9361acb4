"""The watch over every product: what its timeline said would happen on a day happens, and nothing else.

The forecast of a product is made anew whenever somebody or something touches it, and holds until then: after
each run of the periodic work every product is compared with what its forecast has for the day. Nothing is due
earlier than 60 days before an expiry, so forecasts are made from then on; before, nothing may change.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import NamedTuple

from billing.invoices.models import InvoiceLine
from billing.invoices.status import InvoiceStatus
from billing.payment_methods.models import PaymentMethod
from billing.payments.models import Initiator, PaymentAttempt
from billing.payments.status import AttemptStatus
from billing.renewals.models import Reminder, Renewal
from billing.renewals.reminders import note_round
from billing.renewals.services.at_risk import ORIGIN
from billing.renewals.status import OPEN
from manager.demo.simulation.world import World
from manager.kit.clock import day_in
from manager.kit.scope import tenant_scope
from products.inventory.models import Product
from products.inventory.outlook import find_outlook
from products.inventory.status import ProductStatus
from products.inventory.timeline import Step, StepKind, timeline

DAY = timedelta(days=1)
# Reminders begin 60 days before an expiry.
NEAR = timedelta(days=63)
CHARGES = {StepKind.CHARGE, StepKind.RETRY}
LEADS_TO = {
    StepKind.SUSPENSION: ProductStatus.SUSPENDED,
    StepKind.TERMINATION: ProductStatus.TERMINATED,
    StepKind.REDEMPTION: ProductStatus.REDEMPTION,
    StepKind.RELEASE: ProductStatus.RELEASED,
}


class State(NamedTuple):
    """A product as a day finds it."""

    owner: int
    status: str
    expires_on: date | None
    plan: int
    months: int
    quantity: int
    auto_renew: bool

    @property
    def offer(self) -> tuple[int, int, int, int]:
        """What the periodic work leaves alone."""
        return self.owner, self.plan, self.months, self.quantity

    def is_running_unpaid(self, today: date) -> bool:
        """Return whether the product runs on a day that is not paid."""
        return self.status == ProductStatus.ACTIVE and (self.expires_on is None or self.expires_on <= today)


class _Day(NamedTuple):
    """A product's day: as the periodic work found it, as it left it, and what was told to come."""

    today: date
    before: State
    after: State
    steps: list[Step]


class Happened(NamedTuple):
    """What the periodic work did on a day: charges by product, and the products of reminders."""

    charges: dict[int, set[str]]
    reminded: set[int]


class Watch:
    """The products of a world as they are, and what is to come of them."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.states: dict[int, State] = {}
        self.forecasts: dict[int, list[Step]] = {}
        self.compared = 0
        self._means: dict[int, int] = {}
        self._at_risk: set[int] = set()
        self._planned: dict[int, tuple[object, ...]] = {}
        self._asleep: dict[int, date] = {}
        self._zones: dict[int, str] = {row.pk: row.time_zone for row in world.organizations}

    def today(self, owner: int, at: datetime) -> date:
        """Return the day in the organization's zone."""
        return day_in(self._zones[owner], at)

    def is_due(self, at: datetime) -> bool:
        """Return whether any forecast has something to happen by now; make those whose time has come."""
        self._wake(at)
        today = {owner: self.today(owner, at) for owner in self._zones}
        return any(
            steps and steps[0].on <= today[self.states[pk].owner] for pk, steps in self.forecasts.items()
        )

    def pass_day(self, *, at: datetime) -> None:
        """Let a day pass on which nothing is due: a worker was there, so nothing is made up for later."""
        note_round(at=at)

    def read(self) -> dict[int, State]:
        """Return all products of all organizations as they are in the database."""
        rows = Product.objects.using("system").order_by("pk")
        fields = ("organization_id", "status", "expires_on", "plan_id", "months", "quantity", "auto_renew")
        return {row[0]: State(*row[1:]) for row in rows.values_list("pk", *fields)}

    def note_acts(self, organizations: Iterable[int], *, at: datetime) -> None:
        """Look at what people have changed, and forecast anew what they touched.

        What waits on an invoice with others is touched with them, so all open renewals of the organizations
        are, and those that somebody has taken back; all of their products where the means of payment is
        another; and what was renewed at the operator's risk where that is paid now.
        """
        touched = set(organizations)
        after = self.read()
        changed = {pk for pk, state in after.items() if self.states.get(pk) != state}
        self.states = after
        planned = self._read_planned()
        waiting = {pk for pk, (owner, *_facts) in planned.items() if owner in touched}
        replanned = {pk for pk, facts in self._planned.items() if planned.get(pk) != facts}
        self._planned = planned
        means = self._read_means()
        switched = {owner for owner in touched if means.get(owner) != self._means.get(owner)}
        self._means = means
        at_risk = self._read_at_risk()
        settled, self._at_risk = self._at_risk ^ at_risk, at_risk
        near = {pk for pk, state in after.items() if state.owner in switched}
        self._forecast(changed | settled | near | waiting | replanned, at=at, since=0)

    def _read_planned(self) -> dict[int, tuple[object, ...]]:
        """Return by product what is planned to be charged by itself: its owner first, then how and when."""
        rows = Renewal.objects.using("system").filter(status__in=OPEN)
        facts = ("organization_id", "pk", "invoice_id", "method_id", "status", "next_attempt_on")
        return {row[0]: row[1:] for row in rows.values_list("product_id", *facts)}

    def _read_means(self) -> dict[int, int]:
        means = PaymentMethod.objects.using("system").filter(is_default=True, removed_at=None)
        return dict(means.values_list("organization_id", "pk"))

    def _read_at_risk(self) -> set[int]:
        """Return what was renewed at the operator's risk and is not paid."""
        waiting = InvoiceLine.objects.using("system").filter(
            invoice__origin=ORIGIN, invoice__status=InvoiceStatus.OPEN, product_id__isnull=False
        )
        return {pk for pk in waiting.values_list("product_id", flat=True) if pk is not None}

    def compare(self, *, at: datetime) -> None:
        """Compare every product with its forecast for the day.

        :raises SimulationFailed: something happened that was not told, or was told and did not happen.
        """
        before, after, happened = self.states, self.read(), self._happened(at)
        due: set[int] = set()
        for pk, state in after.items():
            known = before.get(pk)
            if known is None:
                raise self.world.fail(at.date(), pk, "The periodic work made a product.")
            today = self.today(known.owner, at)
            day = _Day(today, known, state, self._take_due(pk, today))
            if day.steps:
                due.add(pk)
            self.compared += 1
            if wrong := self._differs(pk, day, happened):
                told = ", ".join(f"{step.kind} {step.on}" for step in day.steps) or "nothing"
                raise self.world.fail(at.date(), pk, f"{wrong} (told for this day: {told}; it was {known})")
        charged = {pk for pk in due if pk in happened.charges}
        changed = {pk for pk, state in after.items() if before[pk] != state}
        self.states, self._planned = after, self._read_planned()
        self._forecast(charged | changed, at=at, since=1)

    def _take_due(self, pk: int, today: date) -> list[Step]:
        steps = self.forecasts.get(pk, [])
        due = [step for step in steps if step.on <= today]
        if due:
            self.forecasts[pk] = steps[len(due) :]
        return due

    def _happened(self, at: datetime) -> Happened:
        charges: dict[int, set[str]] = defaultdict(set)
        attempts = PaymentAttempt.objects.using("system").filter(created_at=at, initiator=Initiator.RENEWAL)
        for pk, status in attempts.values_list("invoice__lines__product_id", "status"):
            charges[pk].add(status)
        reminders = Reminder.objects.using("system").filter(created_at=at)
        return Happened(dict(charges), {pk for row in reminders for pk in row.products})

    def _differs(self, pk: int, day: _Day, happened: Happened) -> str:
        """Return what is not as it was told, or an empty text."""
        kinds = {step.kind for step in day.steps}
        charges = happened.charges.get(pk, set())
        is_paid = AttemptStatus.SUCCEEDED in charges
        extended = day.after.expires_on != day.before.expires_on
        until = next(
            (step.until for step in day.steps if step.kind == StepKind.RENEWAL), day.after.expires_on
        )
        status = ProductStatus.ACTIVE if extended else self._leads_to(day)
        facts = (
            ("charged", bool(charges), bool(kinds & CHARGES)),
            ("reminded of", pk in happened.reminded, StepKind.REMINDER in kinds),
            ("extended", extended, is_paid or StepKind.WARRANTY in kinds),
            ("paid until", day.after.expires_on, until if is_paid else day.after.expires_on),
            ("in the state", day.after.status, status),
            ("of the owner and offer", day.after.offer, day.before.offer),
            ("active and unpaid", day.after.is_running_unpaid(day.today), False),
        )
        return "; ".join(f"{what}: {is_so}, told {told}" for what, is_so, told in facts if is_so != told)

    def _leads_to(self, day: _Day) -> str:
        ends = [LEADS_TO[step.kind] for step in day.steps if step.kind in LEADS_TO]
        return ends[-1] if ends else day.before.status

    def _wake(self, at: datetime) -> None:
        """Make the forecasts of products that nothing could happen to before."""
        waking = {pk for pk, day in self._asleep.items() if day <= at.date()}
        for pk in waking:
            del self._asleep[pk]
        if waking:
            self._forecast(waking, at=at, since=0)

    def _sleeps(self, pk: int, at: datetime) -> bool:
        """Return whether nothing can happen to a product for a while; note when it can."""
        expires_on = self.states[pk].expires_on
        self._asleep.pop(pk, None)
        if self.states[pk].status != ProductStatus.ACTIVE or expires_on is None:
            return False
        if expires_on - NEAR <= at.date():
            return False
        self._asleep[pk] = expires_on - NEAR
        self.forecasts[pk] = []
        return True

    def _forecast(self, ids: set[int], *, at: datetime, since: int) -> None:
        """Compute the timelines of these products from the present day on, or from the next one."""
        by_owner: dict[int, list[int]] = defaultdict(list)
        for pk in sorted(ids & set(self.states)):
            if self._sleeps(pk, at):
                continue
            by_owner[self.states[pk].owner].append(pk)
        for owner, members in by_owner.items():
            on = self.today(owner, at) + since * DAY
            with tenant_scope(owner):
                rows = Product.objects.select_related("plan", "organization").filter(
                    organization_id=owner, pk__in=members
                )
                for product in rows:
                    steps = timeline(product, on, find_outlook(product, at=at))
                    self.forecasts[product.pk] = steps
