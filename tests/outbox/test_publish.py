"""Publishing: an event is stored with its change or not at all."""

from datetime import UTC, datetime

import pytest
from django.db import transaction

from manager.outbox.models import OutboxEvent
from manager.outbox.publish import NotInTransaction, publish

AT = datetime(2026, 11, 22, 10, tzinfo=UTC)


class TestPublish:
    def test_refuses_outside_of_a_transaction(self) -> None:
        """BIL-16: an event cannot be stored without its change."""
        with pytest.raises(NotInTransaction):
            publish("invoice.paid", organization_id=0, payload={}, at=AT)

    def test_goes_with_a_transaction_that_is_rolled_back(self) -> None:
        """BIL-16: what did not happen is not told."""
        with transaction.atomic():
            publish("invoice.paid", organization_id=0, payload={}, at=AT)
            transaction.set_rollback(True)
        assert not OutboxEvent.objects.using("system").exists()

    def test_stores_the_event_of_an_organization_out_of_sight_of_others(self) -> None:
        """ORG-17: an event is a row of its tenant."""
        with transaction.atomic():
            publish("invoice.paid", organization_id=7, payload={"invoice": 1}, at=AT)
        assert not OutboxEvent.objects.exists()
        stored = OutboxEvent.objects.using("system").get()
        assert (stored.name, stored.payload, stored.created_at) == ("invoice.paid", {"invoice": 1}, AT)
