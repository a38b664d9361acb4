"""A pace that many keep together, and what is left of it without Redis (BIL-11)."""

import threading
from time import monotonic

import pytest

from manager.kit import pace
from manager.kit.pace import TurnTooFar, hold, wait_turn


@pytest.fixture(autouse=True)
def _forget():
    pace._alone.clear()


def take(name, count, per_second, patience=30.0):
    """Return the instants of so many turns."""
    turns = []
    for _number in range(count):
        wait_turn(name, per_second=per_second, patience=patience)
        turns.append(monotonic())
    return turns


def test_all_together_never_exceed_it():
    """BIL-11: four that hurry get no more turns than one, and hardly fewer."""
    turns, started = [], monotonic()

    def work():
        turns.extend(take("together", 10, 100))

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    # 40 turns, the first after a pause, at 96 of 100 a second.
    assert monotonic() - started >= 40 / 96 - 0.02


def test_a_hold_is_for_everybody():
    """BIL-11: who does not want to wait that long is told so at once."""
    take("held", 1, 100)
    hold("held", seconds=30)
    with pytest.raises(TurnTooFar):
        take("held", 1, 100, patience=5)
    take("other", 1, 100, patience=5)


def test_a_turn_that_nobody_took_is_not_made_up(monkeypatch):
    """BIL-11: after a rest there is no burst."""
    first = take("rest", 1, 20)[0]
    threading.Event().wait(0.25)
    second, third = take("rest", 2, 20)
    assert second - first >= 0.25
    assert third - second >= 1 / 20 - 0.02


def test_without_redis_it_is_slow_and_says_so(settings, caplog):
    """BIL-11: the safe rate of one process, never a faster one."""
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    started = monotonic()
    take("alone", 2, 50)
    assert monotonic() - started >= 2 - 0.05
    assert [record.levelname for record in caplog.records] == ["ERROR"]
    with pytest.raises(TurnTooFar):
        take("alone", 1, 50, patience=0.1)
