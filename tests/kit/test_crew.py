"""A crew works on several units at the same time, and hands on what they raise."""

import threading
from datetime import UTC, datetime

import pytest

from manager.kit.crew import Crew

AT = datetime(2027, 1, 31, tzinfo=UTC)


def test_as_many_as_allowed_are_in_flight_and_never_more() -> None:
    """Two meet, again and again: neither could go on without the other, nor with a third."""
    together = threading.Barrier(2, timeout=60)
    inside, most = set[int](), []

    def work(unit: int, _at: datetime) -> int:
        inside.add(unit)
        most.append(len(inside))
        together.wait()
        inside.discard(unit)
        together.wait()
        return unit

    crew = Crew(work, at=AT, most=2)
    crew.give([1, 2, 3, 4])
    assert crew.free < 0
    assert sorted(crew.next_result() or 0 for _number in range(4)) == [1, 2, 3, 4]
    assert crew.is_idle
    crew.dismiss()
    assert max(most) == 2


def test_what_a_unit_raises_is_raised_where_its_result_is_taken() -> None:
    """The drain ends by it, and the others finish what they are at."""

    def work(unit: int, at: datetime) -> None:
        assert at >= AT
        raise LookupError(unit)

    crew = Crew(work, at=AT, most=1)
    crew.give([7])
    with pytest.raises(LookupError, match="7"):
        crew.next_result()
    crew.dismiss()
