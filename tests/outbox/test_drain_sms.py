"""Text messages: a stored one goes out once, and its text is forgotten then."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.checks import Error, Info
from django.db import IntegrityError, transaction
from pytest_django import Settings

from manager.demo.inbox.models import InboxMessage
from manager.outbox.checks import examine_sms_sender
from manager.outbox.models import OutgoingSms
from manager.outbox.sms import REFUSING, can_send_sms, drain_sms, queue_sms

AT = datetime(2026, 11, 22, 10, tzinfo=UTC)


class LosesTheAnswer:
    """Sends, then loses the answer of the provider."""

    def send(self, *, recipient: str, text: str, reference: str) -> None:
        from manager.demo.inbox.sms import InboxSender

        InboxSender().send(recipient=recipient, text=text, reference=reference)
        raise TimeoutError("123456")


def queue(key: str = "a", **changes: Any) -> None:
    values: dict[str, Any] = {
        "recipient": "+41791234567",
        "text": "Code 123456",
        "dedupe_key": key,
        "at": AT,
    }
    queue_sms(**{**values, **changes})


def stored() -> OutgoingSms:
    return OutgoingSms.objects.using("system").get()


class TestDrainSms:
    def test_sends_each_message_once_and_forgets_its_text(self) -> None:
        """ACC-8: what holds a code is not kept."""
        queue()
        queue()
        assert drain_sms(at=AT) == 1
        assert drain_sms(at=AT + timedelta(days=1)) == 0
        message = InboxMessage.objects.get()
        assert (message.recipient, message.text, message.is_sms) == ("+41791234567", "Code 123456", True)
        assert stored().text == ""

    def test_keeps_a_message_for_later_when_it_could_not_be_sent(self, settings: Settings) -> None:
        """ACC-8: nothing is lost while the provider is away. Its error may quote the code."""
        settings.SMS_SENDER = f"{__name__}.LosesTheAnswer"
        queue()
        assert drain_sms(at=AT) == 0
        assert stored().sent_at is None
        assert stored().due_at > AT
        assert stored().last_error == "TimeoutError"

    def test_a_repeated_try_is_one_message_for_the_provider(self, settings: Settings) -> None:
        """ACC-11: the reference is the same at each try."""
        settings.SMS_SENDER = f"{__name__}.LosesTheAnswer"
        queue()
        drain_sms(at=AT)
        settings.SMS_SENDER = "manager.demo.inbox.sms.InboxSender"
        assert drain_sms(at=AT + timedelta(minutes=5)) == 1
        assert InboxMessage.objects.count() == 1

    def test_gives_up_in_the_end(self, settings: Settings) -> None:
        """One that nobody can send stops no other."""
        settings.SMS_SENDER = REFUSING
        queue()
        for day in range(9):
            drain_sms(at=AT + timedelta(days=2 * day))
        assert stored().quarantined_at is not None
        assert stored().text == ""

    def test_does_not_send_what_is_useless_by_now(self) -> None:
        """ACC-8: a code that has expired only confuses."""
        at = datetime.now(UTC)
        queue(useless_at=at - timedelta(seconds=1))
        assert drain_sms(at=at) == 0
        assert not InboxMessage.objects.exists()
        assert stored().quarantined_at is not None

    def test_a_later_day_does_not_make_it_useless(self) -> None:
        """Codes expire by the real clock."""
        at = datetime.now(UTC)
        queue(useless_at=at + timedelta(minutes=10))
        assert drain_sms(at=at + timedelta(days=100)) == 1

    def test_belongs_to_its_change(self) -> None:
        """A change that fails sends nothing."""

        def fail() -> None:
            with transaction.atomic():
                queue()
                raise IntegrityError

        with pytest.raises(IntegrityError):
            fail()
        assert drain_sms(at=AT) == 0


class TestCheck:
    def test_tells_that_nobody_sends(self, settings: Settings) -> None:
        """Without a sender, codes by SMS are not offered."""
        settings.SMS_SENDER = REFUSING
        assert not can_send_sms()
        assert [type(found) for found in examine_sms_sender(None)] == [Info]

    @pytest.mark.parametrize("path", ["nowhere.Sender", "manager.outbox.sms.OutgoingSms", "sms"])
    def test_refuses_what_cannot_send(self, settings: Settings, path: str) -> None:
        """An operator learns of a slip of the pen at start."""
        settings.SMS_SENDER = path
        assert [type(found) for found in examine_sms_sender(None)] == [Error]

    def test_says_nothing_about_a_good_one(self) -> None:
        """The demonstration's is one."""
        assert examine_sms_sender(None) == []
