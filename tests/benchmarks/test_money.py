"""Two thousand sequences of the machine of which `make test` runs two hundred (BIL-15, BIL-16)."""

import pytest

from manager.demo.psp.testing import SandboxProcess
from tests.scenarios.test_money import SEQUENCES, STEPS, run_machine

WHOLE = 2_000
# Other seeds than those of the suite; a part that fails says its own.
FIRST = 100


@pytest.mark.parametrize("part", range(FIRST, FIRST + WHOLE // SEQUENCES))
def test_the_books_hold_in_two_thousand_sequences(part: int, psp: SandboxProcess) -> None:
    """BIL-15, BIL-16: after each step every rule of the books holds."""
    done = run_machine(part, sequences=SEQUENCES, steps=STEPS)
    # Which kinds of steps fifty sequences take is chance, but each of them moves something.
    assert len(done) >= 4, done
    assert done.total() >= SEQUENCES, done
