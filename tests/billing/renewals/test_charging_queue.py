"""The queue of charges: claimed once, taken over, at the provider's pace, never stopped by one (BIL-16)."""

import threading
from datetime import timedelta

import pytest

from billing.payment_methods.models import PaymentMethod
from billing.payments.models import PaymentAttempt
from billing.payments.periodic import drain_stale_attempts
from billing.renewals.charging import LEASE, claim, drain_charges
from billing.runs.models import QuarantinedRow, Run
from billing.runs.services import release
from manager.kit.points import watching
from tests.factories.cast import make_tenant
from tests.factories.payments import close_connections, make_method, provider
from tests.factories.products import make_plan
from tests.factories.renewals import ACTOR, days_before, mails_called, make_renewing, plan, read, renewals_of
from tests.fixtures.waiting import PATIENCE_SECONDS, wait_until

pytestmark = pytest.mark.usefixtures("psp")
DAY = days_before(14)
CHARGE = {"method": "POST", "path": "/v1/payment_intents"}


def portfolio(count):
    """Return organizations with a planned renewal each, due on `DAY`."""
    catalog, organizations = make_plan(), []
    for _number in range(count):
        organization = make_tenant()
        make_method(organization)
        make_renewing(organization, plan=catalog)
        plan(organization, DAY)
        organizations.append(organization)
    return organizations


def attempts_of(organization):
    return read(lambda: list(PaymentAttempt.objects.order_by("pk")), organization)


def test_several_drains_with_several_in_flight_charge_each_once(settings):
    """BIL-16: three workers, three at once in each; what one has claimed the others leave alone."""
    settings.CHARGES_AT_ONCE = 3
    organizations = portfolio(7)
    start, counts = threading.Barrier(3), []

    def work():
        start.wait()
        counts.append(drain_charges(at=DAY))
        close_connections()

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(counts) == len(provider().charges()) == 7
    assert [[row.status for row in attempts_of(one)] for one in organizations] == [["succeeded"]] * 7
    runs = Run.objects.filter(kind="charging")
    assert sum(run.charged for run in runs) == 7
    assert all(run.ended_at for run in runs)


def test_no_transaction_is_open_while_several_are_called(settings, psp, superuser_connection):
    """BIL-16: three wait for the provider at the same time, and the database for none of them."""
    settings.CHARGES_AT_ONCE = 3
    portfolio(3)
    psp.plan_faults([{"match": CHARGE, "times": 3, "kind": "delay", "ms": 1500}])

    def work():
        drain_charges(at=DAY)
        close_connections()

    thread = threading.Thread(target=work)
    thread.start()
    wait_until(lambda: psp.faults_taken()[0] == 3)
    open_ones = superuser_connection.execute(
        "select query from pg_stat_activity"
        " where datname = current_database() and state like 'idle in transaction%'"
    ).fetchall()
    assert provider().charges() == []
    thread.join()
    assert open_ones == []
    assert len(provider().charges()) == 3


def test_no_hand_waits_while_something_is_due(settings):
    """BIL-11: one of two waits for the provider; meanwhile the other one charges all the rest."""
    settings.CHARGES_AT_ONCE = 2
    portfolio(4)
    slow, others_done, went_on, done = threading.Lock(), threading.Event(), [], []

    def hold_the_first(point, _organization_id):
        if point == "charge.committed":
            done.append(point)
            if len(done) == 3:
                others_done.set()
        elif point == "charge.before_call" and slow.acquire(blocking=False):
            went_on.append(others_done.wait(PATIENCE_SECONDS / 2))

    with watching(hold_the_first):
        assert drain_charges(at=DAY) == 4
    assert went_on == [True]


def test_what_a_dead_worker_left_is_taken_over_within_two_minutes():
    """BIL-16: with the minute between two beats."""
    portfolio(1)
    assert len(claim(at=DAY, most=10)) == 1  # and then it dies
    assert drain_charges(at=DAY + LEASE - timedelta(seconds=1)) == 0
    assert LEASE + timedelta(minutes=1) < timedelta(minutes=2)
    assert drain_charges(at=DAY + LEASE) == 1


def test_one_bad_invoice_goes_to_quarantine_and_comes_back():
    """BIL-11: the third unexpected failure; the others are charged in the same run."""
    bad, good = portfolio(2)
    read(lambda: PaymentMethod.objects.update(gateway="gone"), bad)
    for number in range(4):
        drain_charges(at=DAY + number * timedelta(minutes=2))
    assert [len(attempts_of(one)) for one in (bad, good)] == [0, 1]
    row = QuarantinedRow.objects.using("system").get()
    assert (row.kind, row.organization_id, row.failures) == ("charge", bad.pk, 3)
    read(lambda: PaymentMethod.objects.update(gateway="stripe"), bad)
    assert drain_charges(at=DAY + timedelta(minutes=20)) == 0
    release(row=row, actor=ACTOR, at=DAY + timedelta(minutes=21))
    assert drain_charges(at=DAY + timedelta(minutes=22)) == 1
    assert [row.status for row in attempts_of(bad)] == ["succeeded"]


def test_too_many_requests_is_no_refusal(psp):
    """BIL-11, BIL-16: the same attempt is sent again when the provider wants, and nobody is told anything."""
    (organization,) = portfolio(1)
    psp.plan_faults([{"match": CHARGE, "times": 1, "kind": "rate_limited", "ms": 1000}])
    drain_charges(at=DAY)
    (attempt,) = attempts_of(organization)
    assert (attempt.status, attempt.decline_code) == ("unknown", "")
    drain_stale_attempts(at=DAY + timedelta(seconds=20))
    (again,) = attempts_of(organization)
    assert (again.pk, again.status, again.idempotency_key) == (
        attempt.pk,
        "succeeded",
        attempt.idempotency_key,
    )
    assert len(provider().charges()) == 1
    assert (mails_called("payment_failed"), renewals_of(organization)[0].attempts) == ([], 0)


def test_lost_answers_are_asked_for_several_at_once(settings, psp):
    """BIL-16: by two janitors, three at a time in each; every attempt is settled by one of them."""
    organizations = portfolio(5)
    psp.plan_faults([{"match": CHARGE, "times": 5, "kind": "error_500_after_success"}])
    drain_charges(at=DAY)
    settings.CHARGES_AT_ONCE, counts = 3, []

    def work():
        counts.append(drain_stale_attempts(at=DAY + timedelta(seconds=20)))
        close_connections()

    janitors = [threading.Thread(target=work) for _ in range(2)]
    for thread in janitors:
        thread.start()
    for thread in janitors:
        thread.join()
    assert sum(counts) == len(provider().charges()) == 5
    assert [[row.status for row in attempts_of(one)] for one in organizations] == [["succeeded"]] * 5
    assert [attempts_of(one)[0].fence for one in organizations] == [2] * 5


def test_a_provider_that_is_out_of_order_is_left_alone(psp):
    """BIL-16: after ten lost answers the rest waits for the next drain."""
    portfolio(12)
    psp.plan_faults([{"match": CHARGE, "times": None, "kind": "error_500_before"}])
    assert drain_charges(at=DAY) == 10
    psp.plan_faults([])
    drain_stale_attempts(at=DAY + timedelta(minutes=1))
    assert drain_charges(at=DAY + timedelta(minutes=1)) == 2
    assert len(provider().charges()) == 12


def test_the_calendar_of_the_organization_decides():
    """BIL-11: in Niue the day comes 25 hours after Kiritimati."""
    tenant = make_tenant(time_zone="Pacific/Niue")
    make_method(tenant)
    make_renewing(tenant)
    plan(tenant, DAY)
    begins = DAY.replace(hour=11, minute=0)
    assert drain_charges(at=begins - timedelta(seconds=1)) == 0
    assert drain_charges(at=begins) == 1
