"""What the database itself refuses of withdrawals."""

import psycopg
import pytest

from tests.factories.withdrawals import ask

ATTACKS = {
    "another account": "update billing_withdrawal set iban = 'CH5604835012345678009'",
    "another sum": "update billing_withdrawal set amount = amount + 1",
    "paid without approval": "update billing_withdrawal set status = 'paid'",
    "approved by nobody": "update billing_withdrawal set status = 'approved'",
    "one pair of eyes": (
        "update billing_withdrawal set status = 'approved', first_approved_by = 5, approved_by = 5"
    ),
    "deleted": "delete from billing_withdrawal",
}


@pytest.mark.parametrize("attack", ATTACKS)
def test_the_database_refuses(organization, as_role, attack):
    """BIL-7, BIL-15: what a stolen connection of the web role cannot do."""
    ask(organization, 200_000)
    connection = as_role("web")
    connection.execute("select set_config('app.organization', %s, false)", [str(organization.pk)])
    with pytest.raises(psycopg.Error):
        connection.execute(ATTACKS[attack])
    connection.execute("select set_config('app.organization', '0', false)")
    assert connection.execute("select count(*) from billing_withdrawal").fetchone() == (0,)
