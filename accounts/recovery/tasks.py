"""What follows from a forgotten password: the mail with the link."""

from accounts.users.emails import queue_mail_to
from accounts.users.links import make_password_reset
from accounts.users.selectors import find_user_by_email
from manager.outbox.models import OutboxEvent


def email_password_reset(event: OutboxEvent) -> None:
    """Mail the reset link to the login address, if it is somebody's (ACC-6, INC-19)."""
    user = find_user_by_email(event.payload["email"])
    if user is not None and user.is_active:
        token = make_password_reset(user, at=event.created_at)
        queue_mail_to(user, template="password_reset", event=event, token=token)
