"""Whatever dies, is lost or is answered: each renewal is charged once and none is lost (BIL-16).

`make faults` runs the whole of it (CHARGES=1000) on services of its own, with PostgreSQL stopped as well, and
prints a report; without the variable it is the short form for `make test`.
"""

import os
import random
import time
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import product as every

import pytest

from billing.payments.services.begin import LEASE
from products.catalog.models import Plan
from tests.factories.products import make_plan
from tests.faults.harness.machines import Machines
from tests.faults.harness.orders import Death, Orders
from tests.faults.harness.portfolio import ANSWERS, POINTS, SHARED, Case, make_cases, make_due, pay_cards
from tests.faults.harness.verdict import (
    fences_of,
    judge,
    not_taken_over,
    outstanding,
    read_books,
    stuck,
    under_way,
)

WHOLE = int(os.environ.get("CHARGES", "0"))
CHARGES = WHOLE or 21
# Of a hundred charges so many meet a death at a point.
DYING = 30 if WHOLE else 100
BATCH = 100
# Only just longer than a lease: what takes longer to be taken over shows.
TAKE_OVER = LEASE + timedelta(seconds=1)
LONGEST_TAKE_OVER = timedelta(seconds=120)
MOST_STEPS = 30
# Something happens to the machines each time so much has come about: a slow machine gets on as well.
CHANGES_BETWEEN = 40
MOST_SECONDS = 300.0


class Run:
    """One run of the harness, from the first due product to the last idle moment."""

    def __init__(self, orders: Orders, machines: Machines) -> None:
        self.orders = orders
        self.machines = machines
        self.ahead = timedelta()
        self.steps = 0
        self.changes = 0
        self.cases: list[Case] = []
        self.began = time.time()
        self.longest = timedelta()
        self._held: dict[tuple[int, int], datetime] = {}

    @property
    def at(self) -> datetime:
        """The present of the processes."""
        return datetime.now(UTC) + self.ahead

    def begin(self, cases: Sequence[Case], plan: Plan) -> None:
        """Let the products of these cases be due, with the deaths that are ordered for them.

        Where whoever comes to a point dies, a product is due by itself, so that it is the one that is met.
        """
        self.cases += cases
        for case in cases:
            if case.point in SHARED:
                self.orders.kill(case.point, case.organization.pk, whoever_comes=True)
                make_due([case], plan)
                self._wait_for(Death(case.point, case.organization.pk))
        others = [case for case in cases if case.point not in SHARED]
        for case in others:
            if case.point:
                self.orders.kill(case.point, case.organization.pk)
        make_due(others, plan)

    def _wait_for(self, death: Death) -> None:
        begun = time.time()
        while death in self.orders.waiting() and time.time() - begun < MOST_SECONDS:
            self.machines.tend()
            time.sleep(0.1)

    def work(self, *, mischief: bool) -> dict[str, int]:
        """Let them work until nothing is outstanding, or a whole tick finds nothing; return what is left."""
        begun = changed = time.time()
        before: object = None
        while self.orders.newest_tick() < changed and time.time() - begun < MOST_SECONDS:
            self.machines.tend()
            left = outstanding(self.cases, self.at.date())
            if not left:
                break
            held = under_way()
            self._note_taken_over(held)
            state = (left, held, len(self.orders.waiting()))
            if state != before:
                before, changed = state, time.time()
                self.changes += 1
                if mischief and self.changes % CHANGES_BETWEEN == 0:
                    self.machines.make_mischief()
            time.sleep(0.2)
        return left

    def _note_taken_over(self, held: dict[int, int]) -> None:
        """Keep how long an attempt stayed with a process until another one took it, by their clock."""
        gone = {key: since for key, since in self._held.items() if held.get(key[0]) != key[1]}
        fences = fences_of([pk for pk, _fence in gone]) if gone else {}
        for (pk, fence), since in gone.items():
            del self._held[pk, fence]
            if fences.get(pk, fence) > fence:
                self.longest = max(self.longest, self.at - since)
        for key in held.items():
            self._held.setdefault(key, self.at)

    def set_forward(self, by: timedelta) -> None:
        """Set the clock of the processes forward."""
        self.ahead += by
        self.orders.set_clock(self.ahead)

    def finish(self, *, mischief: bool = False) -> None:
        """Set the clock forward by a lease again and again until all is idle; each lease is taken over."""
        for _ in range(MOST_STEPS):
            left = self.work(mischief=mischief)
            if not left:
                return
            self.steps += 1
            before = under_way()
            self.set_forward(TAKE_OVER)
            left = self.work(mischief=mischief)
            if not mischief and not self.orders.waiting():
                assert not_taken_over(before, self.at) == []
        told = "\n".join(stuck(self.at.date()))
        pytest.fail(f"not idle after {MOST_STEPS} leases: {left}\n{told}")

    @property
    def kills(self) -> int:
        """How often a process was killed: at points, and at random."""
        toll = self.machines.toll
        return len(self.orders.obeyed()) + sum(
            count for deed, count in toll.items() if deed.endswith("killed")
        )

    @property
    def deaths(self) -> Counter[tuple[str, str]]:
        """How often a process died at each point with a case of each answer."""
        answer_of = {case.organization.pk: case.answer.name for case in self.cases}
        return Counter((death.point, answer_of[death.organization_id]) for death in self.orders.obeyed())

    @property
    def ordered(self) -> set[tuple[str, str]]:
        """The points and answers at which somebody shall have died."""
        return {(case.point, case.answer.name) for case in self.cases if case.point}

    def report(self) -> str:
        """Return what was lived through, and what came of it."""
        deaths = self.deaths
        books = read_books(self.cases)
        minutes = (time.time() - self.began) / 60
        lines = [
            f"{len(self.cases)} charges, {len(ANSWERS)} answers, {self.kills} kills, {minutes:.1f} minutes",
            f"  met: {len(deaths)} of {len(POINTS) * len(ANSWERS)} points with answers",
            *(f"  killed at {point}: {_told(point, deaths)}" for point in POINTS),
            *(f"  {deed}: {count}" for deed, count in sorted(self.machines.toll.items())),
            f"  clock set forward: {self.ahead}, {self.steps} leases waited for",
            f"  longest take-over: {self.longest.total_seconds():.0f} s by the clock of the processes",
            f"  charged twice: {books.twice}, lost: {books.lost}, left open: {books.left_open}",
            f"  sum of the provider: {books.taken}, of the ledger: {books.posted}",
        ]
        return "\n".join(lines)


def _told(point: str, deaths: Counter[tuple[str, str]]) -> str:
    times = {answer.name: deaths[point, answer.name] for answer in ANSWERS}
    return f"{sum(times.values())} ({', '.join(f'{name} {count}' for name, count in times.items())})"


def test_each_renewal_is_charged_once_and_none_is_lost(psp, tmp_path, test_database):
    """BIL-16: all points and all answers; the provider's journal, the ledger and the products agree."""
    orders = Orders(tmp_path / "orders")
    orders.begin()
    machines = Machines(orders.folder, test_database, random.Random(7), may_stop_postgres=WHOLE > 0)
    if WHOLE:
        machines.keep_what_is_committed()
    run = Run(orders, machines)
    plan = make_plan()
    try:
        for first in range(0, CHARGES, BATCH):
            machines.tend()
            cases = make_cases(range(first, min(CHARGES, first + BATCH)), dying=DYING)
            psp.plan_faults([case.as_fault() for case in cases if case.answer.fault])
            run.begin(cases, plan)
            machines.flush()
            run.finish(mischief=WHOLE > 0)
        orders.withdraw()
        run.finish()
        pay_cards(run.cases)
        run.set_forward(timedelta(days=7))
        run.finish()
    finally:
        machines.end()
    print(f"\n{run.report()}")
    assert judge(run.cases) == []
    assert run.ordered - set(run.deaths) == set()
    assert {point for point, _answer in run.ordered} == set(POINTS)
    assert run.kills >= CHARGES // 5
    if WHOLE:  # short of processors, the short form waits for them, too
        assert run.longest <= LONGEST_TAKE_OVER
    if len(POINTS) * len(ANSWERS) <= CHARGES * DYING // 100:
        assert run.ordered == set(every(POINTS, (answer.name for answer in ANSWERS)))
