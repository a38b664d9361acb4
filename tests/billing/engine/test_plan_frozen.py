"""A worker that is frozen in the middle of a batch keeps nobody waiting for long (BIL-11)."""

import threading

import pytest

from billing.engine import services
from billing.engine.services import plan_due
from billing.renewals.models import Renewal
from tests.factories.payments import close_connections
from tests.factories.portfolio import make_portfolio
from tests.factories.renewals import days_before

DUE = days_before(14)


def renewals() -> int:
    """Return how many there are."""
    return Renewal.objects.using("system").count()


@pytest.mark.parametrize("most_idle", ["200ms", "50s"])
def test_its_batch_is_taken_back_and_planned_by_another_one(monkeypatch, most_idle):
    """What the frozen one does later is lost; nothing is planned twice; who is only slow keeps its batch."""
    make_portfolio(3, 4)
    monkeypatch.setattr(services, "MOST_IDLE", most_idle)
    frozen, thaw, planned = threading.Event(), threading.Event(), []
    make = services.make_drafts

    def make_later(batch, known):
        if threading.current_thread().name == "frozen":
            frozen.set()
            thaw.wait(60)
        return make(batch, known)

    def work():
        try:
            planned.append(plan_due(at=DUE))
        finally:
            close_connections()

    monkeypatch.setattr(services, "make_drafts", make_later)
    worker = threading.Thread(target=work, name="frozen")
    worker.start()
    assert frozen.wait(60)
    if most_idle == "50s":
        assert plan_due(at=DUE) == 0  # it is only slow
    else:
        while not renewals():
            plan_due(at=DUE)
    thaw.set()
    worker.join()
    assert planned == [3 if most_idle == "50s" else 0]
    assert renewals() == 12
