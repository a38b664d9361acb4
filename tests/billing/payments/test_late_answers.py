"""Answers of who was overtaken: what may be recorded all the same, and what may not (BIL-16)."""

import pytest

from billing.gateway.vocabulary import ChargeResult, ChargeState
from billing.payments.models import PaymentAttempt
from billing.payments.services.begin import take
from billing.payments.services.settle import settle_attempt
from manager.kit.scope import tenant_scope
from tests.factories.cast import make_tenant
from tests.factories.payments import ACTOR, make_order_invoice, now, open_checkout


@pytest.fixture
def attempt(psp):
    """An attempt whose page is open at the provider, taken by somebody since."""
    invoice, _product = make_order_invoice(make_tenant())
    return open_checkout(invoice)


def overtaken(attempt, *, reference, said):
    """Return the status after somebody who took `attempt` before all others says that it is closed."""
    with tenant_scope(attempt.organization_id):
        early = take(attempt=attempt, at=now())
        early.reference = reference
        take(attempt=attempt, at=now())
        settle_attempt(
            attempt=early,
            result=ChargeResult(state=ChargeState.CANCELED, reference=said),
            actor=ACTOR,
            at=now(),
        )
        return PaymentAttempt.objects.get(pk=attempt.pk).status


def test_who_found_nothing_at_the_provider_closes_nothing(attempt):
    """BIL-16: the charge was made by another since, and its page is open; a second payment would be twice."""
    assert overtaken(attempt, reference="", said="") == "requires_action"


def test_the_end_of_another_charge_closes_nothing(attempt):
    """BIL-16."""
    assert overtaken(attempt, reference=attempt.reference, said="cs_test_other") == "requires_action"


def test_the_end_of_the_charge_itself_is_recorded(attempt):
    """BIL-16: it stays true whoever says it."""
    assert overtaken(attempt, reference=attempt.reference, said=attempt.reference) == "cancelled"
