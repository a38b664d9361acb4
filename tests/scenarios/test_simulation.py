"""Random events by seed: every product does what its timeline says (PRD-8, BIL-11, BIL-16)."""

import pytest

from manager.demo.simulation import run
from manager.demo.simulation.faults import DatabaseInUse, SimulationFailed
from manager.demo.simulation.parts import split
from manager.demo.simulation.run import simulate
from tests.factories.cast import make_tenant


@pytest.mark.parametrize("seed", [1, 2])
def test_every_product_lives_as_its_timeline_says(seed: int) -> None:
    """PRD-8, BIL-16: some products over 14 months; a finding names the day and the product."""
    report = simulate(seed=seed, products=25, months=14)
    assert report.counts["in the end active"] > 0
    assert report.counts["products compared with their timeline"] > 500


def test_the_same_seed_gives_the_same_end(test_database) -> None:
    """What was found once can be looked at again."""
    first = simulate(seed=3, products=10, months=3)
    test_database.clean()
    assert simulate(seed=3, products=10, months=3) == first


def test_a_panel_that_forgets_to_charge_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """The simulation can fail, and says when and about what."""
    monkeypatch.setattr(run, "DRAINS", tuple(name for name in run.DRAINS if name != "renewals"))
    with pytest.raises(
        SimulationFailed, match=r"Seed 4, 20\d\d-\d\d-\d\d, p\d{4}\.\w+: charged: False, told True"
    ):
        simulate(seed=4, products=25, months=14)


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
