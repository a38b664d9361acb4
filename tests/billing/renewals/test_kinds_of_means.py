"""What was approved once renews without the person: TWINT and PayPal as cards do (BIL-3, BIL-10)."""

from datetime import timedelta

import pytest

from billing.gateway.vocabulary import MeansKind
from billing.payments.models import PaymentAttempt
from billing.payments.services import refresh_attempt
from billing.renewals.charging import drain_charges
from manager.outbox.relay import drain_outbox
from tests.factories.cast import make_tenant
from tests.factories.payments import ACTOR, make_order_invoice, now, open_checkout, provider
from tests.factories.products import reread
from tests.factories.renewals import noon, plan, read


@pytest.mark.parametrize("kind", list(MeansKind)[:3])
def test_what_paid_the_order_pays_the_renewal(psp, kind):
    """BIL-10: switched on by the payment; charged off the session, without a new scan or sign-in."""
    organization = make_tenant()
    invoice, product = make_order_invoice(organization)
    attempt = open_checkout(invoice, kind=kind)
    provider().pay_checkout(attempt.redirect_url, method=kind.value)
    read(lambda: refresh_attempt(attempt=attempt, actor=ACTOR, at=now()), organization)
    ordered = reread(product, organization)
    first = noon(ordered.expires_on - timedelta(days=14))
    [draft] = plan(organization, first)
    assert drain_charges(at=first) == 1
    drain_outbox(at=first)
    charge = read(lambda: PaymentAttempt.objects.select_related("method").get(invoice=draft), organization)
    assert (charge.status, charge.way, charge.method.kind) == ("succeeded", "off_session", kind.value)
    assert reread(product, organization).expires_on.year == ordered.expires_on.year + 1
    assert len(provider().charges()) == 2
