"""Random events by seed: every product does what its timeline says (PRD-8, BIL-11, BIL-16)."""

from datetime import datetime

import pytest

from manager.demo.simulation.faults import DatabaseInUse, SimulationFailed
from manager.demo.simulation.mishaps import Mishaps
from manager.demo.simulation.parts import split
from manager.demo.simulation.run import simulate
from tests.factories.cast import make_tenant


def test_every_product_lives_as_its_timeline_says() -> None:
    """PRD-8, BIL-16: some products over 13 months; a finding names the day and the product.

    The seed is one that has held orders, charges and ends by wish at less than half the cost of others.
    """
    report = simulate(seed=20, products=5, months=13)
    assert report.counts["in the end active"] > 0
    assert report.counts["in the end terminated"] > 0
    assert report.counts["products compared with their timeline"] > 100
    assert report.counts["charges at the provider"] > 0


def test_nothing_is_charged_twice_or_lost_whatever_fails() -> None:
    """BIL-16: workers die, meet and stay away, answers are lost; the books and the provider agree."""
    report = simulate(seed=7, products=10, months=3, faults=True)
    assert report.counts["charges at the provider"] > 0
    for mishap in ("with killed", "with two at once", "without a drain"):
        assert report.counts[f"days {mishap}"] > 0


def test_a_charge_that_nobody_knows_of_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """The simulation with faults can fail as well: the provider took once more than the ledger says."""

    def charge_behind_the_back(self: Mishaps, _work: object, _at: datetime) -> None:
        customer = self.provider.api("/v1/customers", {})["id"]
        means = self.provider.save_card(customer)
        asked = {"customer": customer, "payment_method": means, "off_session": "true", "confirm": "true"}
        self.provider.api("/v1/payment_intents", {"amount": "100", "currency": "chf", **asked})

    monkeypatch.setattr(Mishaps, "work", charge_behind_the_back)
    with pytest.raises(SimulationFailed, match=r"Seed 1, 2027-01-31, the books: The provider took"):
        simulate(seed=1, products=1, months=1, faults=True)


def test_the_same_seed_gives_the_same_end(test_database) -> None:
    """What was found once can be looked at again."""
    first = simulate(seed=3, products=4, months=1)
    test_database.clean()
    assert simulate(seed=3, products=4, months=1) == first


def test_a_large_one_is_several_worlds_whatever_the_machine() -> None:
    """The digest of a seed is the same on one processor and on many."""
    parts = split(seed=1, products=1001, months=36)
    assert [(part.number, part.products) for part in parts] == [(0, 334), (1, 334), (2, 333)]
    assert [part.products for part in split(seed=1, products=500, months=1)] == [500]
    assert [part.products for part in split(seed=1, products=0, months=1)] == [0]


def test_nobody_is_woken_by_a_simulation(monkeypatch: pytest.MonkeyPatch) -> None:
    """Workers of a panel that runs beside it hear nothing of its days."""
    sent: list[object] = []
    monkeypatch.setattr("celery.current_app.send_task", lambda *args, **kwargs: sent.append(args))
    simulate(seed=5, products=2, months=1)
    assert sent == []


def test_refuses_a_database_with_organizations() -> None:
    """Nothing is simulated among real customers."""
    make_tenant()
    with pytest.raises(DatabaseInUse):
        simulate(seed=1, products=1, months=1)
