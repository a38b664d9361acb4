"""`manage.py tick`: all periodic work as of a moment (BIL-11), readable, and honest about what failed."""

import io
from datetime import UTC, datetime

import pytest
from django.core.management import CommandError, call_command

from manager import schedule
from manager.schedule import PERIODIC, Periodic, get_periodic, tick
from tests.factories.billing import make_legal_entity
from tests.factories.cast import make_tenant
from tests.factories.products import make_product
from tests.factories.renewals import mails_called

AT = datetime(2027, 1, 8, 12, tzinfo=UTC)


def fail_always(*, at):
    """Play work that is out of order."""
    raise RuntimeError(f"out of order at {at:%H:%M}")


def run(*arguments):
    out = io.StringIO()
    call_command("tick", *arguments, stdout=out)
    return out.getvalue()


def test_names_every_kind_of_work():
    """Each path of the list leads to a function that takes an instant."""
    text = run("--at", "2026-11-22")
    assert all(periodic.name in text for periodic in PERIODIC)
    assert text.startswith("All periodic work as of 2026-11-22 12:00 UTC")


def test_works_as_of_the_given_day():
    """BIL-12: a product that expires on 15 January is reminded of on the 8th."""
    make_legal_entity()
    make_product(make_tenant())
    assert "reminders               1" in run("--at", "2027-01-08")
    assert len(mails_called("renewal_reminder")) == 1
    assert mails_called("renewal_reminder")[0].sent_at == AT


def test_a_second_tick_finds_nothing():
    """Everything is done until a whole round finds nothing left."""
    make_legal_entity()
    make_product(make_tenant())
    assert sum(tick(at=AT).done.values()) > 0
    assert sum(tick(at=AT).done.values()) == 0


@pytest.mark.parametrize("moment", ["yesterday", "2027-13-01", "2027-02-30", ""])
def test_refuses_what_is_no_moment(moment):
    """An empty `--at` means now; anything else has to be ISO."""
    if moment == "":
        assert "as of" in run("--at", moment)
        return
    with pytest.raises(CommandError, match="ISO date or instant"):
        run("--at", moment)


def test_one_failure_stops_nobody_and_is_told(monkeypatch):
    """The others are done, the command ends with 1 and names the one that failed."""
    make_legal_entity()
    make_product(make_tenant())
    broken = Periodic("broken", f"{__name__}.fail_always")
    monkeypatch.setattr(schedule, "PERIODIC", [broken, *PERIODIC])
    monkeypatch.setattr(
        schedule, "import_string", lambda path: fail_always if path == broken.path else _real(path)
    )
    with pytest.raises(CommandError, match="broken"):
        run("--at", "2027-01-08")
    assert len(mails_called("renewal_reminder")) == 1


_real = schedule.import_string


def test_an_unknown_kind_of_work_is_refused():
    """A nudge names a kind of work from the list."""
    with pytest.raises(LookupError):
        get_periodic("gardening")
