"""Numbers that the operator sets: what is wrong stops the start, with the variable's name (BIL-11)."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from manager.settings import environment as env


def test_the_days_of_the_schedule_are_in_order(monkeypatch):
    """BIL-11: largest first, however they are given."""
    monkeypatch.setenv("DAYS", "0, 10,3")
    assert env.whole_numbers("DAYS", "7,3,1,0", below=14) == (10, 3, 0)
    monkeypatch.delenv("DAYS")
    assert env.whole_numbers("DAYS", "7,3,1,0", below=14) == (7, 3, 1, 0)


@pytest.mark.parametrize("given", ["14", "-1", "7,7", "soon", "1.5"])
def test_days_that_are_none_stop_the_start(monkeypatch, given):
    """BIL-11: from 0 to 13, each once, as the first try is 14 days before."""
    monkeypatch.setenv("DAYS", given)
    with pytest.raises(ImproperlyConfigured, match="DAYS"):
        env.whole_numbers("DAYS", "", below=14)


def test_a_rate_is_for_all_or_for_one(monkeypatch):
    """BIL-11."""
    monkeypatch.setenv("RATES", "stripe=50")
    assert env.rates("RATES", 25) == {"*": 25, "stripe": 50}


@pytest.mark.parametrize("given", ["stripe=0", "*=many", "*=10001", "stripe"])
def test_a_rate_that_is_none_stops_the_start(monkeypatch, given):
    """BIL-11."""
    monkeypatch.setenv("RATES", given)
    with pytest.raises(ImproperlyConfigured, match="RATES"):
        env.rates("RATES", 25)
