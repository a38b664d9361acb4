"""Whatever dies, is lost or is answered: each renewal is charged once and none is lost (BIL-16).

`make faults` runs the whole of it (CHARGES=1000) on services of its own, with PostgreSQL stopped as well, and
prints a report; without the variable it is the short form for `make test`.
"""

import os
import random
import time
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from tests.factories.products import make_plan
from tests.faults.harness.machines import Machines
from tests.faults.harness.orders import Orders
from tests.faults.harness.portfolio import ANSWERS, POINTS, SHARED, make_cases, make_due, pay_cards
from tests.faults.harness.verdict import judge, not_taken_over, outstanding, under_way

WHOLE = int(os.environ.get("CHARGES", "0"))
CHARGES = WHOLE or 21
# Of a hundred charges so many meet a death at a point.
DYING = 30 if WHOLE else 100
BATCH = 100
TAKE_OVER = timedelta(seconds=121)
MOST_STEPS = 30
# Something happens to the machines each time so much has come about: a slow machine gets on as well.
CHANGES_BETWEEN = 20
MOST_SECONDS = 300.0


class Run:
    """One run of the harness, from the first due product to the last idle moment."""

    def __init__(self, orders: Orders, machines: Machines) -> None:
        self.orders = orders
        self.machines = machines
        self.ahead = timedelta()
        self.steps = 0
        self.changes = 0
        self.cases = []

    @property
    def at(self) -> datetime:
        """The present of the processes."""
        return datetime.now(UTC) + self.ahead

    def work(self, *, mischief: bool) -> dict[str, int]:
        """Let them work until nothing is outstanding, or a whole tick finds nothing; return what is left."""
        begun = changed = time.time()
        before: object = None
        while self.orders.newest_tick() < changed and time.time() - begun < MOST_SECONDS:
            self.machines.tend()
            left = outstanding(self.cases, self.at.date())
            if not left:
                break
            state = (left, under_way(), len(self.orders.waiting()))
            if state != before:
                before, changed = state, time.time()
                self.changes += 1
                if mischief and self.changes % CHANGES_BETWEEN == 0:
                    self.machines.make_mischief()
            time.sleep(0.1)
        return left

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
        pytest.fail(f"not idle after {MOST_STEPS} leases: {left}")

    def report(self) -> str:
        """Return what was lived through."""
        deaths = Counter(self.orders.obeyed())
        lines = [
            f"{len(self.cases)} charges, {len(ANSWERS)} answers, {sum(deaths.values())} deaths at points",
            *(f"  {point}: {deaths[point]}" for point in POINTS),
            *(f"  {deed}: {count}" for deed, count in sorted(self.machines.toll.items())),
            f"  clock set forward: {self.ahead}, {self.steps} leases waited for",
        ]
        return "\n".join(lines)


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
            for case in cases:
                if case.point:
                    orders.kill(case.point, None if case.point in SHARED else case.organization.pk)
            make_due(cases, plan)
            run.cases += cases
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
    assert set(orders.obeyed()) == set(POINTS)
