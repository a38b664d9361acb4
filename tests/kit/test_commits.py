"""What is done before each commit is a part of the transaction, also of a single statement's."""

from typing import Any

import pytest
from django.db import DatabaseError, transaction

from accounts.users.models import User
from manager.kit.database.commits import before_each_commit
from tests.factories.cast import make_person


class NotNow(DatabaseError):
    """Nothing is to be committed."""


def test_whatever_writes_is_looked_at_before_its_commit() -> None:
    """API-5: what the look raises rolls back; reading and what is rolled back anyway are left alone."""
    person = make_person()
    looks: list[Any] = []

    def refuse(connection: Any) -> None:
        looks.append(connection)
        raise NotNow

    with before_each_commit(refuse):
        assert User.objects.filter(pk=person.pk).exists()
        with transaction.atomic():
            User.objects.filter(pk=person.pk).update(first_name="One")
            transaction.set_rollback(True)
        assert looks == []
        with pytest.raises(NotNow):
            User.objects.filter(pk=person.pk).update(first_name="Two")
        with pytest.raises(NotNow), transaction.atomic():
            User.objects.filter(pk=person.pk).update(first_name="Three")
        assert User.objects.get(pk=person.pk).first_name == person.first_name
    assert len(looks) == 2
    assert User.objects.filter(pk=person.pk).update(first_name="Four") == 1
