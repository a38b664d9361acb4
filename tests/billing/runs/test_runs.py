"""The report of a run: what it counts, and that a run which did nothing leaves none."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction

from billing.runs.models import Run, RunKind
from billing.runs.services import forget_runs, recording

AT = datetime(2026, 3, 1, 3, 0, tzinfo=UTC)


def test_adds_up_batch_by_batch() -> None:
    """A run counts each batch; its money is kept for each currency, its failures by kind."""
    with recording(kind=RunKind.CHARGING, at=AT, total=1000) as run:
        run.count(charged=499, failed=1, money={"CHF": 100_00}, reasons={"card_declined": 1})
        run.count(charged=400, money={"CHF": 50_00, "EUR": 7})
        under_way = Run.objects.get()
        assert (under_way.percent, under_way.state(AT)) == (90, "running")
        assert under_way.state(AT + timedelta(minutes=11)) == "broken_off"
        run.count(charged=99, skipped=1, reasons={"card_declined": 2, "expired_card": 1})
    kept = Run.objects.get()
    assert (kept.charged, kept.failed, kept.skipped, kept.done) == (998, 1, 1, 1000)
    assert kept.money == {"CHF": 150_00, "EUR": 7}
    assert kept.reasons == {"card_declined": 3, "expired_card": 1}
    assert (kept.ended_at, kept.state(AT), kept.error) == (AT, "ended", "")


def test_a_run_that_did_nothing_leaves_no_report() -> None:
    """The beat runs each minute; only what did something is kept."""
    with recording(kind=RunKind.PLANNING, at=AT) as run:
        run.count(planned=0)
    assert not Run.objects.exists()


def test_what_stops_a_run_stands_in_its_report() -> None:
    """A run that fails is told from one that ended, even before its first batch."""
    with pytest.raises(RuntimeError), recording(kind=RunKind.PLANNING, at=AT):
        raise RuntimeError("no disk")
    assert Run.objects.get().error == "RuntimeError: no disk"
    assert Run.objects.get().state(AT) == "failed"


def test_a_report_that_was_rolled_back_is_begun_anew() -> None:
    """The first count of a batch that failed takes its report with it; the next one begins another."""
    with recording(kind=RunKind.PLANNING, at=AT) as run:
        with transaction.atomic():
            run.count(planned=500)
            transaction.set_rollback(True)
        run.count(planned=1)
    assert Run.objects.get().planned == 1


def test_old_reports_are_removed() -> None:
    """Reports are kept for a time only."""
    with recording(kind=RunKind.PLANNING, at=AT) as run:
        run.count(planned=1)
    assert forget_runs(before=AT) == 0
    assert forget_runs(before=AT + timedelta(seconds=1)) == 1
