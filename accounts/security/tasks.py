"""What follows from changes of a person's security: mails (ACC-11)."""

from accounts.users.emails import queue_mail_to
from accounts.users.selectors import get_user
from manager.outbox.models import OutboxEvent


def email_password_changed(event: OutboxEvent) -> None:
    """Tell the person that the password was changed, by the page or by a mailed link (ACC-5)."""
    queue_mail_to(get_user(user_id=event.payload["user"]), template="password_changed", event=event)
