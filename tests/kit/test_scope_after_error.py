"""A scope that is left because a statement failed lets that error through."""

import pytest
from django.db import DataError, connection, transaction

from manager.kit.scope import tenant_scope


def scope_in_database():
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('app.organization', true)")
        return cursor.fetchone()[0]


def fail():
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 / 0")


def test_the_error_of_the_statement_is_seen():
    """BIL-16: who sets aside what it could not do has to know whether the database was at fault."""
    with tenant_scope(1), pytest.raises(DataError), transaction.atomic(), tenant_scope(2):
        fail()


def test_the_outer_scope_stands_after_the_savepoint():
    """ORG-1: what goes on in the outer transaction is in its own scope."""
    with tenant_scope(1), transaction.atomic():
        with pytest.raises(DataError), transaction.atomic(), tenant_scope(2):
            fail()
        assert scope_in_database() == "1"
