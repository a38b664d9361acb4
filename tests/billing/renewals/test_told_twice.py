"""A refusal that is told more than once counts once: events, the queue, and the bank's page (BIL-11)."""

from datetime import timedelta
from functools import partial

import pytest

from billing.payments.models import PaymentAttempt
from billing.payments.services import confirm_payment, refresh_attempt
from billing.renewals.charging import drain_charges
from billing.renewals.tasks import note_failed_payment, note_missing_approval
from manager.outbox.models import OutboxEvent
from manager.outbox.relay import drain_outbox
from tests.factories.cast import make_tenant
from tests.factories.payments import make_method, now, provider
from tests.factories.renewals import (
    ACTOR,
    choose_means,
    days_before,
    mails_called,
    make_renewing,
    plan,
    read,
    renewals_of,
)

pytestmark = pytest.mark.usefixtures("psp")
FIRST = days_before(14)


@pytest.fixture
def organization():
    """Return an organization whose product is to be charged on `FIRST`."""
    made = make_tenant()
    made.product = make_renewing(made)
    return made


def events(organization, name):
    return read(lambda: list(OutboxEvent.objects.filter(name=name).order_by("pk")), organization)


def refuse(organization, behaviour):
    """Charge the renewal to a card that behaves so."""
    method = make_method(organization)
    plan(organization, FIRST)
    provider().set_means(method.reference, behaviour=behaviour)
    drain_charges(at=FIRST)


@pytest.mark.parametrize(
    ("code", "next_on"), [("insufficient_funds", days_before(7).date()), ("lost_card", None)]
)
def test_by_its_event_after_the_queue_has_looked_itself(organization, code, next_on):
    """BIL-11: nothing had told of it for two hours; then its event comes, and comes again."""
    refuse(organization, f"decline_charge:{code}")
    drain_charges(at=FIRST + timedelta(hours=2))
    [told] = events(organization, "payment.failed")
    for _again in range(2):
        read(partial(note_failed_payment, told), organization)
    [renewal] = renewals_of(organization)
    assert (renewal.status, renewal.attempts, renewal.next_attempt_on) == ("failed", 1, next_on)
    assert len(events(organization, "renewal.failed")) == 1


def test_once_more_after_another_means_was_chosen(organization):
    """BIL-11: what is to be charged to it today is not put off to the day that follows the refusal."""
    refuse(organization, "decline_charge:insufficient_funds")
    [told] = events(organization, "payment.failed")
    read(partial(note_failed_payment, told), organization)
    chosen, later = make_method(organization, "pm_card_mastercard"), FIRST + timedelta(hours=3)
    choose = partial(choose_means, product=organization.product, method=chosen, actor=ACTOR, at=later)
    read(choose, organization)
    read(partial(note_failed_payment, told), organization)
    [renewal] = renewals_of(organization)
    assert (renewal.attempts, renewal.next_attempt_on) == (1, later.date())
    drain_charges(at=later)
    assert provider().charges()[-1]["status"] == "succeeded"


class TestOneThatItsBankRefusesAtTheApproval:
    """BIL-11: it was told as waiting for the approval, and is one attempt all the same."""

    def refused(self, organization, behaviour, decision):
        refuse(organization, behaviour)
        drain_outbox(at=FIRST)
        assert [row.attempts for row in renewals_of(organization)] == [1]
        [attempt] = read(lambda: list(PaymentAttempt.objects.select_related("organization")), organization)
        assert attempt.status == "requires_action"
        confirm = partial(confirm_payment, attempt=attempt, return_url="https://panel.test/", actor=ACTOR)
        attempt = read(partial(confirm, at=now()), organization)
        provider().submit(attempt.redirect_url, {"decision": decision})
        later = FIRST + timedelta(hours=2)
        attempt = read(lambda: refresh_attempt(attempt=attempt, actor=ACTOR, at=later), organization)
        drain_outbox(at=later)
        [renewal] = renewals_of(organization)
        return attempt, renewal

    def test_waits_for_its_day_still(self, organization):
        attempt, renewal = self.refused(organization, "authenticate_always", "refuse")
        assert (attempt.status, attempt.decline_kind) == ("failed", "authentication")
        assert (renewal.attempts, renewal.next_attempt_on) == (1, days_before(7).date())
        assert len(events(organization, "renewal.failed")) == 1

    def test_is_given_up_where_it_is_refused_for_good(self, organization):
        attempt, renewal = self.refused(organization, "authenticate_always:lost_card", "approve")
        assert (attempt.status, attempt.decline_kind) == ("failed", "hard")
        assert (renewal.attempts, renewal.next_attempt_on) == (1, None)
        assert len(mails_called("payment_failed")) == 1

    def test_is_not_told_as_waiting_for_it_once_more(self, organization):
        """The event of the approval comes again after that of the refusal, and this one after it."""
        self.refused(organization, "authenticate_always:lost_card", "approve")
        [waits], [refused] = (
            events(organization, name) for name in ("payment.requires_action", "payment.failed")
        )
        read(partial(note_missing_approval, waits), organization)
        read(partial(note_failed_payment, refused), organization)
        assert len(events(organization, "renewal.failed")) == 2
        [renewal] = renewals_of(organization)
        assert (renewal.attempts, renewal.next_attempt_on) == (1, None)
