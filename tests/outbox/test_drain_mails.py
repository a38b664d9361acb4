"""Sending: a stored mail goes out once, whoever is killed when."""

from datetime import UTC, datetime, timedelta
from typing import Any

from django.core import mail
from pytest_django import Settings

from manager.outbox.mails import Attachment, drain_mails, queue_mail
from manager.outbox.models import OutgoingMail

AT = datetime(2026, 11, 22, 10, tzinfo=UTC)


def queue(key: str = "a", **changes: Any) -> None:
    values: dict[str, Any] = {
        "template": "test",
        "recipient": "anna@example.org",
        "language": "de",
        "context": {"word": "Grüezi"},
        "dedupe_key": key,
        "organization_id": 7,
        "at": AT,
    }
    queue_mail(**{**values, **changes})


class TestDrainMails:
    def test_sends_each_mail_once(self, mail_template: None, settings: Settings) -> None:
        """ACC-11: one message for one fact, whatever repeats."""
        settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
        queue()
        queue()
        assert drain_mails(at=AT) == 1
        assert drain_mails(at=AT + timedelta(days=1)) == 0
        message = mail.outbox[0]
        assert message.subject == "Subject Grüezi"
        assert message.extra_headers["Content-Language"] == "de"

    def test_keeps_a_mail_for_later_when_the_server_cannot_be_reached(
        self, mail_template: None, settings: Settings
    ) -> None:
        """ACC-11: nothing is lost while the mail server is away."""
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
        queue()
        assert drain_mails(at=AT) == 0
        stored = OutgoingMail.objects.using("system").get()
        assert stored.sent_at is None
        assert stored.due_at > AT
        assert "refused" in stored.last_error

    def test_sends_the_attachments_as_they_were(self, mail_template: None, settings: Settings) -> None:
        """BIL-11: the invoice goes with the mail."""
        settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
        queue(attachments=[Attachment("invoice.pdf", "application/pdf", b"%PDF-1.7 \x00\xff")])
        drain_mails(at=AT)
        assert mail.outbox[0].attachments[0] == ("invoice.pdf", b"%PDF-1.7 \x00\xff", "application/pdf")

    def test_one_that_cannot_be_written_stops_no_other(self, mail_template: None, settings: Settings) -> None:
        """ACC-11: a domain too long for the network goes to the quarantine, all the others go out."""
        settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
        queue("unsendable", recipient=f"x@{'ü' * 63}.ch")
        queue("after")
        assert drain_mails(at=AT) == 1
        for days in range(1, 12):
            drain_mails(at=AT + timedelta(days=days))
        stored = OutgoingMail.objects.using("system").get(dedupe_key="unsendable")
        assert stored.quarantined_at is not None
        assert "UnicodeError" in stored.last_error
        assert len(mail.outbox) == 1

    def test_a_later_day_puts_nothing_off_for_today(self, mail_template: None, settings: Settings) -> None:
        """ACC-11: what failed as of a day ahead is tried again now, not when that day has come."""
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
        queue()
        assert drain_mails(at=AT + timedelta(days=100)) == 0
        settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
        assert drain_mails(at=AT) == 1
        assert len(mail.outbox) == 1
