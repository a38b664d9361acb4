"""The relay: each handler's share of an event is done exactly once."""

import subprocess
import sys
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import connections, transaction

from manager.outbox.models import Delivery, OutboxEvent, OutgoingMail
from manager.outbox.publish import publish
from manager.outbox.relay import MAX_ATTEMPTS, drain_outbox
from tests.outbox import handlers

AT = datetime(2026, 11, 22, 10, tzinfo=UTC)
Wire = Callable[[dict[str, list[Any]]], None]


def publish_many(count: int, *, organization_id: int = 7) -> None:
    with transaction.atomic():
        for number in range(count):
            publish("test.happened", organization_id=organization_id, payload={"word": str(number)}, at=AT)


def mails() -> int:
    return OutgoingMail.objects.using("system").count()


class TestDrainOutbox:
    def test_runs_each_handler_once_however_often_it_is_called(self, wire: Wire) -> None:
        """BIL-16: repeating the relay repeats nothing."""
        wire({"test.happened": [handlers.write_mail]})
        publish_many(5)
        assert drain_outbox(at=AT) == 5
        assert drain_outbox(at=AT) == 0
        assert mails() == 5

    def test_leaves_nothing_of_a_handler_that_fails_and_tries_again_later(self, wire: Wire) -> None:
        """INC-23: a failed delivery is rolled back whole, and due again after a while."""
        wire({"test.happened": [handlers.write_mail_then_fail]})
        publish_many(1)
        assert drain_outbox(at=AT) == 0
        assert mails() == 0
        delivery = Delivery.objects.using("system").get()
        assert delivery.attempts == 1
        assert delivery.due_at > AT
        assert "refused by the test" in delivery.last_error
        wire({"test.happened": [handlers.write_mail]})
        delivery.handler = "tests.outbox.handlers.write_mail"
        delivery.save(using="system", update_fields=["handler"])
        assert drain_outbox(at=AT + timedelta(hours=1)) == 1
        assert mails() == 1

    def test_puts_what_fails_again_and_again_into_the_quarantine(self, wire: Wire) -> None:
        """A poisoned event stops neither the others nor itself for ever."""
        wire({"test.happened": [handlers.write_mail_then_fail], "test.good": [handlers.write_mail]})
        publish_many(1)
        with transaction.atomic():
            publish("test.good", organization_id=7, payload={}, at=AT)
        at = AT
        for _ in range(MAX_ATTEMPTS + 2):
            drain_outbox(at=at)
            at += timedelta(days=1)
        poisoned = Delivery.objects.using("system").get(done_at=None)
        assert poisoned.attempts == MAX_ATTEMPTS
        assert poisoned.quarantined_at is not None
        assert mails() == 1

    def test_shares_the_work_among_relays_without_doing_any_twice(self, wire: Wire) -> None:
        """Any number of relays work side by side (SKIP LOCKED)."""
        wire({"test.happened": [handlers.write_mail]})
        publish_many(40)
        counts: list[int] = []

        def relay() -> None:
            try:
                counts.append(drain_outbox(at=AT))
            finally:
                connections.close_all()

        threads = [threading.Thread(target=relay) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sum(counts) == 40
        assert mails() == 40
        assert not OutboxEvent.objects.using("system").filter(relayed_at=None).exists()

    def test_loses_nothing_when_the_process_is_killed_inside_a_handler(self, wire: Wire) -> None:
        """BIL-16: SIGKILL in the middle leaves the delivery to the next relay, and no half of it."""
        wire({"test.happened": [handlers.write_mail_then_die]})
        publish_many(1)
        code = (
            "import django; django.setup()\n"
            "from datetime import datetime, UTC\n"
            "from manager.outbox import registry, relay\n"
            "from tests.outbox import handlers\n"
            "registry.install({'test.happened': [handlers.write_mail_then_die]})\n"
            "relay.drain_outbox(at=datetime(2026, 11, 22, 10, tzinfo=UTC))\n"
        )
        assert subprocess.run([sys.executable, "-c", code], check=False).returncode == -9
        assert mails() == 0
        Delivery.objects.using("system").update(handler="tests.outbox.handlers.write_mail")
        wire({"test.happened": [handlers.write_mail]})
        assert drain_outbox(at=AT) == 1
        assert mails() == 1
