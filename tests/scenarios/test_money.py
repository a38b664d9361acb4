"""Money in any order of events: nothing is billed twice, lost, or given back twice (BIL-15, BIL-16)."""

from collections import Counter

import pytest
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from manager.demo.psp.testing import SandboxProcess
from tests.scenarios.money import MoneyMachine, Shop

PARTS, SEQUENCES, STEPS = 4, 50, 5


@pytest.mark.parametrize("part", range(PARTS))
def test_the_books_hold_in_any_order_of_events(part: int, psp: SandboxProcess) -> None:
    """BIL-15, BIL-16: 200 sequences in all; after each step every rule of the books holds."""
    done = run_machine(part, sequences=SEQUENCES, steps=STEPS)
    assert len(done) >= 6, done


def run_machine(part: int, *, sequences: int, steps: int) -> Counter[str]:
    """Run so many sequences of at most so many steps, the same ones each time; return what came about."""

    class Machine(MoneyMachine):
        shop = Shop()

    terms = settings(
        max_examples=sequences,
        stateful_step_count=steps,
        deadline=None,
        database=None,
        phases=(Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(seed(part)(Machine), settings=terms, _min_steps=steps)
    return +Machine.shop.done
