"""What follows from events about the second factor: security mails (ACC-11)."""

from accounts.users.emails import queue_mail_to
from accounts.users.selectors import get_user
from manager.outbox.models import OutboxEvent


def email_totp_enabled(event: OutboxEvent) -> None:
    """Tell the person that the second factor was turned on."""
    queue_mail_to(get_user(user_id=event.payload["user"]), template="totp_enabled", event=event)


def email_totp_disabled(event: OutboxEvent) -> None:
    """Tell the person that the second factor was turned off."""
    queue_mail_to(get_user(user_id=event.payload["user"]), template="totp_disabled", event=event)


def email_backup_codes_regenerated(event: OutboxEvent) -> None:
    """Tell the person that there are new backup codes."""
    queue_mail_to(get_user(user_id=event.payload["user"]), template="backup_codes_regenerated", event=event)


def email_backup_code_used(event: OutboxEvent) -> None:
    """Tell the person that a backup code was used, and how many are left."""
    user = get_user(user_id=event.payload["user"])
    queue_mail_to(user, template="backup_code_used", event=event, left=event.payload["left"])
