"""What follows from events about the authenticator: security mails (ACC-11)."""

from accounts.authenticator.models import ApprovalRequest
from accounts.users.emails import queue_mail_to
from accounts.users.selectors import get_user
from manager.outbox.models import OutboxEvent


def email_sign_in_refused(event: OutboxEvent) -> None:
    """Tell the person that the phone refused a sign-in or a sensitive change, and what to do."""
    request = ApprovalRequest.objects.filter(pk=event.payload["request"]).first()
    queue_mail_to(
        get_user(user_id=event.payload["user"]),
        template="sign_in_refused",
        event=event,
        request=request,
        by_number=event.payload["reason"] == "number",
        is_sign_in=request is None or request.is_sign_in,
    )
