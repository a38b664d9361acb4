"""A refusal that is told late, perhaps from the quarantine, takes back nothing noted since (BIL-11)."""

from datetime import timedelta
from functools import partial

import pytest

from billing.renewals.charging import drain_charges
from billing.renewals.tasks import note_failed_payment, note_missing_approval
from manager.outbox.models import OutboxEvent
from tests.factories.cast import make_tenant
from tests.factories.payments import make_method, provider
from tests.factories.renewals import days_before, make_renewing, plan, read, renewals_of

FIRST, SECOND, THIRD = days_before(14), days_before(7), days_before(3)


APPROVAL = ("payment.requires_action", note_missing_approval)
REFUSAL = ("payment.failed", note_failed_payment)


@pytest.mark.parametrize(
    ("codes", "told_by", "next_on"),
    [
        ((), APPROVAL, THIRD.date()),
        (("insufficient_funds", "insufficient_funds"), REFUSAL, THIRD.date()),
        (("insufficient_funds", "lost_card"), REFUSAL, None),
    ],
)
def test_the_next_day_stays_where_it_is(psp, codes, told_by, next_on):
    """BIL-11: after a soft refusal of an earlier day; what was given up is not tried again for it either."""
    organization = make_tenant()
    method = make_method(organization, "pm_card_visa" if codes else "pm_card_authenticationRequired")
    make_renewing(organization)
    plan(organization, FIRST)
    for place, day in enumerate((FIRST, SECOND)):
        if codes:
            provider().set_means(method.reference, behaviour=f"decline_charge:{codes[place]}")
        drain_charges(at=day)
        drain_charges(at=day + timedelta(hours=2))  # not told of the first, it looks itself
    name, hears = told_by
    told = read(lambda: list(OutboxEvent.objects.filter(name=name).order_by("created_at")), organization)
    assert [event.created_at for event in told] == [FIRST, SECOND]
    for event in reversed(told):
        read(partial(hears, event), organization)
    (renewal,) = renewals_of(organization)
    assert (renewal.status, renewal.next_attempt_on) == ("failed", next_on)
