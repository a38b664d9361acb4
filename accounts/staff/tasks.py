"""What follows from changes of the staff: mails to whom they concern."""

from accounts.sessions.staff import list_rights
from accounts.users.emails import queue_mail_to
from accounts.users.selectors import get_user
from manager.outbox.models import OutboxEvent


def email_staff_granted(event: OutboxEvent) -> None:
    """Tell a person that the back office is open to him or her, and with which new rights."""
    labels = list_rights()
    rights = [labels.get(right, right) for right in event.payload["rights"]]
    queue_mail_to(
        get_user(user_id=event.payload["user"]), template="staff_granted", event=event, rights=rights
    )


def email_staff_withdrawn(event: OutboxEvent) -> None:
    """Tell a person that the back office is closed to him or her."""
    queue_mail_to(get_user(user_id=event.payload["user"]), template="staff_withdrawn", event=event)
