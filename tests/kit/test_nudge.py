"""Nudges of many units of work are few messages (design: Celery nudges, PostgreSQL owns)."""

import pytest
from django.db import transaction

from manager.celery import app
from manager.kit import nudge as nudges
from manager.kit.crew import Crew
from manager.kit.nudge import gathered_nudges, nudge
from tests.factories.cast import AT


@pytest.fixture
def sent(monkeypatch):
    """Return the messages as they leave the house: there is no broker to read them from."""
    names: list[str] = []
    monkeypatch.setattr(app, "send_task", lambda _task, args, **_how: names.append(args[0]))
    return names


def commit(*names):
    """Commit a transaction that nudges."""
    with transaction.atomic():
        for name in names:
            nudge(name)


def commit_and_break(name):
    """Commit, and fail afterwards."""
    commit(name)
    raise KeyError(name)


def test_each_commit_sends_its_own(sent):
    """The same one of a transaction is one message."""
    commit("outbox", "outbox")
    commit("outbox", "mails")
    assert sent == ["outbox", "outbox", "mails"]


def test_gathered_ones_are_sent_together(sent):
    """None while the work goes on, all at its end, each once."""
    with gathered_nudges():
        commit("outbox")
        commit("outbox", "mails")
        assert sent == []
    assert sorted(sent) == ["mails", "outbox"]
    commit("outbox")
    assert sent[2:] == ["outbox"]


def test_those_of_a_crew_are_gathered_as_well(sent):
    """Threads that begin inside commit for the drain that began them."""
    with gathered_nudges():
        crew = Crew(lambda _unit, _at: commit("outbox"), at=AT, most=3)
        crew.give(range(6))
        while not crew.is_idle:
            crew.next_result()
        crew.dismiss()
        assert sent == []
    assert sent == ["outbox"]


def test_now_and_then_they_are_sent_before_the_end(sent):
    """A long drain keeps nobody waiting."""
    with gathered_nudges() as gathering:
        commit("outbox")
        gathering.send(every=3600)
        assert sent == []
        gathering.send(every=0)
        assert sent == ["outbox"]
    assert sent == ["outbox"]


def test_what_is_rolled_back_nudges_nobody(sent):
    """Its work is not there."""
    with gathered_nudges(), transaction.atomic():
        nudge("outbox")
        transaction.set_rollback(True)
    assert sent == []


def test_work_that_breaks_off_sends_what_was_committed(sent):
    """The error goes on."""
    with pytest.raises(KeyError), gathered_nudges():
        commit_and_break("outbox")
    assert sent == ["outbox"]
    assert nudges._gathering.get() is None
