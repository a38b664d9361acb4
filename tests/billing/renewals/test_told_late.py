"""A refusal that is told late, perhaps from the quarantine, takes back nothing noted since (BIL-11)."""

from datetime import timedelta
from functools import partial

import pytest

from billing.renewals.charging import drain_charges
from billing.renewals.tasks import note_failed_payment, note_missing_approval
from manager.outbox.models import OutboxEvent
from tests.factories.cast import make_tenant
from tests.factories.payments import make_method, provider
from tests.factories.renewals import ACTOR, choose_means, days_before, make_renewing, plan, read, renewals_of

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


@pytest.mark.parametrize("is_first_told", [True, False])
def test_what_waits_for_a_means_chosen_since_is_charged(psp, is_first_told):
    """BIL-11: a refusal for good of the former means, told first or once more after the choice."""
    organization = make_tenant()
    former = make_method(organization, "pm_card_visa")
    product = make_renewing(organization)
    plan(organization, FIRST)
    provider().set_means(former.reference, behaviour="decline_charge:lost_card")
    drain_charges(at=FIRST)
    [told] = read(lambda: list(OutboxEvent.objects.filter(name="payment.failed")), organization)
    if is_first_told:
        read(partial(note_failed_payment, told), organization)
    drain_charges(at=FIRST + timedelta(hours=2))
    assert renewals_of(organization)[0].next_attempt_on is None
    chosen = make_method(organization, "pm_card_mastercard")
    later = FIRST + timedelta(hours=3)
    read(lambda: choose_means(product=product, method=chosen, actor=ACTOR, at=later), organization)
    read(partial(note_failed_payment, told), organization)
    drain_charges(at=later)
    assert [charge["status"] for charge in provider().charges()][-1:] == ["succeeded"]
    assert [row.method_id for row in renewals_of(organization)] == [chosen.pk]
    kinds = read(lambda: list(OutboxEvent.objects.values_list("name", flat=True)), organization)
    assert "payment.succeeded" in kinds
