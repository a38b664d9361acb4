"""A charge begun by a clock ahead is taken over by one behind: what comes of it is not earlier (BIL-11)."""

from datetime import timedelta

import pytest

from billing.payments.models import PaymentAttempt
from billing.payments.periodic import drain_stale_attempts
from billing.renewals.charging import drain_charges
from manager.kit.points import watching
from manager.outbox.relay import drain_outbox
from tests.factories.cast import make_tenant
from tests.factories.payments import make_method, provider
from tests.factories.renewals import days_before, make_renewing, plan, read, renewals_of

FIRST, SECOND, THIRD = days_before(14), days_before(7), days_before(3)
BEHIND = FIRST + timedelta(minutes=1)


def take_over(point, _organization_id):
    """A janitor whose clock is a week behind takes the charge at this moment, as its lease is so far off."""
    if point == "charge.recorded":
        drain_stale_attempts(at=BEHIND)


def charge(at):
    """Charge what is due and tell of it."""
    drain_charges(at=at)
    drain_outbox(at=at)


@pytest.fixture
def organization(psp):
    """Its product is renewed for the first time on `FIRST`."""
    return make_tenant()


@pytest.mark.parametrize(
    ("card", "code", "status"),
    [
        ("pm_card_authenticationRequired", None, "requires_action"),
        ("pm_card_visa", "insufficient_funds", "failed"),
    ],
)
def test_a_refusal_waits_for_the_next_day_of_the_schedule(organization, card, code, status):
    """BIL-11: not for the day on which it was refused: its charge is known, and nothing would go on."""
    method = make_method(organization, card)
    if code:
        provider().set_means(method.reference, behaviour=f"decline_charge:{code}")
    make_renewing(organization)
    plan(organization, FIRST)
    charge(FIRST)
    with watching(take_over):
        charge(SECOND)
    attempt = read(lambda: PaymentAttempt.objects.order_by("-pk")[0], organization)
    assert (attempt.status, attempt.fence, attempt.created_at) == (status, 2, SECOND)
    (renewal,) = renewals_of(organization)
    assert (renewal.next_attempt_on, renewal.attempts) == (THIRD.date(), 2)


def test_it_is_asked_about_again_by_the_clock_of_who_took_it(organization):
    """BIL-16: a lease that is far off counts as over, so that the same janitor would ask again and again."""
    make_method(organization, "pm_card_authenticationRequired")
    make_renewing(organization)
    plan(organization, SECOND)
    with watching(take_over):
        charge(SECOND)
    attempt = read(PaymentAttempt.objects.get, organization)
    assert attempt.lease_until == BEHIND + timedelta(hours=6)


def test_what_is_paid_is_not_paid_before_the_charge_began(organization):
    """BIL-16: charged once, and the renewal is settled on the day of its charge."""
    make_method(organization)
    make_renewing(organization)
    plan(organization, SECOND)
    with watching(take_over):
        charge(SECOND)
    (renewal,) = renewals_of(organization)
    attempt = read(PaymentAttempt.objects.get, organization)
    assert (attempt.finished_at, renewal.settled_at, renewal.invoice.paid_at) == (SECOND, SECOND, SECOND)
    assert len(provider().charges()) == 1
