"""The proof compares what is set aside, and what is being paid out, with its account (BIL-15)."""

import pytest

from billing.proof.services import find_differences
from billing.reservations.services import reserve_prepaid
from billing.withdrawals.models import PayoutMeans
from billing.withdrawals.services import Destination, request_withdrawal
from manager.kit.money import Money
from manager.kit.scope import tenant_scope
from tests.factories.billing import ACTOR, AT, make_invoice
from tests.factories.cast import make_tenant
from tests.factories.payments import fill_prepaid

BANK = Destination(PayoutMeans.IBAN, "Example", iban="CH93 0076 2011 6238 5295 7")


@pytest.mark.parametrize(
    ("slug", "damage"),
    [
        ("reserved", "update billing_reservation set released_at = now()"),
        ("payouts", "update billing_withdrawal set status = 'cancelled', ended_at = now()"),
    ],
    ids=["reserved", "payouts"],
)
def test_names_what_is_not_on_its_account(superuser_connection, slug, damage):
    """BIL-15: a row that ended without its movement."""
    organization = make_tenant()
    fill_prepaid(organization, 5_000)
    invoice = make_invoice(organization)
    with tenant_scope(organization.pk):
        reserve_prepaid(invoice=invoice, money=Money(2_000, "CHF"), key="one", actor=ACTOR, at=AT)
        request_withdrawal(
            organization=organization, money=Money(2_000, "CHF"), destination=BANK, actor=ACTOR, at=AT
        )
    assert find_differences() == []
    with superuser_connection.transaction():
        superuser_connection.execute("SET LOCAL session_replication_role = replica")
        assert superuser_connection.execute(damage).rowcount == 1
    found = [(one.comparison, one.expected, one.actual) for one in find_differences()]
    assert found == [(slug, 0, 2_000)]
