"""What the database itself keeps of held orders."""

import psycopg
import pytest

from tests.factories.cast import make_tenant
from tests.factories.holds import make_hold


def test_the_database_refuses_what_the_tables_do_not_allow(superuser_connection):
    """PRD-5: no held order becomes pending, no decision is taken back, no finding is changed."""
    hold = make_hold(make_tenant())
    for statement in (
        f"update billing_order set status = 'pending' where id = {hold.order_id}",
        f"update billing_orderhold set status = 'refunded' where id = {hold.pk}",
        f"update billing_orderhold set status = 'released' where id = {hold.pk}",
        f"update billing_orderhold set findings = '[]' where id = {hold.pk}",
        f"delete from billing_orderhold where id = {hold.pk}",
        "update billing_holdrulechange set actor_name = 'x'",
    ):
        with pytest.raises(psycopg.Error), superuser_connection.transaction():
            superuser_connection.execute(statement)
