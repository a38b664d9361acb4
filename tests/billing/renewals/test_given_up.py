"""A refusal whose next means went before it was charged is noted all the same (BIL-9, BIL-11)."""

from datetime import timedelta

import pytest

from billing.payment_methods.services import remove_method
from billing.payments.models import PaymentAttempt
from billing.renewals.charging import drain_charges
from manager.kit.points import watching
from tests.factories.cast import make_tenant
from tests.factories.payments import make_method, provider
from tests.factories.renewals import ACTOR, days_before, make_renewing, plan, read, renewals_of

LAST_DAY = days_before(0)


class Stopped(RuntimeError):
    """The work ends here, as in a crash."""


def stop_after_the_answer(point, _organization_id):
    if point == "charge.committed":
        raise Stopped


@pytest.mark.parametrize(
    ("card", "code", "status"),
    [
        ("pm_card_visa", "insufficient_funds", "failed"),
        ("pm_card_authenticationRequired", None, "requires_action"),
    ],
)
def test_it_is_noted_an_hour_later(psp, card, code, status):
    """BIL-11: refused, or an approval wanted, on the last day; nothing else would tell of it."""
    organization = make_tenant()
    first, second = make_method(organization, card), make_method(organization, "pm_card_mastercard")
    if code:
        provider().set_means(first.reference, behaviour=f"decline_charge:{code}")
    make_renewing(organization)
    plan(organization, LAST_DAY)
    with watching(stop_after_the_answer):
        drain_charges(at=LAST_DAY)
    (attempt,) = read(lambda: list(PaymentAttempt.objects.all()), organization)
    assert (attempt.method_id, attempt.status) == (first.pk, status)
    read(lambda: remove_method(method=second, actor=ACTOR, at=LAST_DAY), organization)
    drain_charges(at=LAST_DAY + timedelta(hours=2))
    (renewal,) = renewals_of(organization)
    assert (renewal.status, renewal.next_attempt_on) == ("failed", None)
