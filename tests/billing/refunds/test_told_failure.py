"""What a provider said against a refund is told to staff in words (BIL-14, UI-4)."""

import pytest

from billing.gateway.vocabulary import RefundResult, RefundState
from billing.payments.services import pay_with_method
from billing.refunds.models import Refund
from billing.refunds.rights import GIVE_REFUNDS
from billing.refunds.services import settle_refund
from billing.refunds.services.refund import Destination, Wish, refund_invoice
from manager.kit.scope import tenant_scope
from tests.factories.billing import make_invoice, make_legal_entity
from tests.factories.identity import make_staff, staff_client
from tests.factories.payments import ACTOR, make_method, now


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("expired_or_canceled_card", "The card has expired or was cancelled."),
        ("postfinance_1457", "The means of payment did not take the money back."),
    ],
)
def test_staff_read_words_with_the_code_beside_them(psp, organization, code, words):
    """BIL-14: also of a code that nobody has words for; nothing while nothing failed."""
    make_legal_entity()
    invoice = make_invoice(organization)
    with tenant_scope(organization.pk):
        pay_with_method(invoice=invoice, method=make_method(organization), actor=ACTOR, at=now())
        invoice.refresh_from_db()
        wish = Wish(parts={}, amount=1_000, destination=Destination.MEANS, reason="Out of goodwill")
        refund_invoice(invoice=invoice, wish=wish, key="1", actor=ACTOR, at=now())
    staff = staff_client(make_staff(GIVE_REFUNDS))
    assert words not in staff.get("/staff/refunds/").content.decode()
    with tenant_scope(organization.pk):
        result = RefundResult(state=RefundState.FAILED, failure_code=code)
        settle_refund(refund=Refund.objects.get(), result=result, actor=ACTOR, at=now())
    page = staff.get("/staff/refunds/").content.decode()
    assert f'{words} <span class="mono">{code}</span>' in page
