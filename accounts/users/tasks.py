"""What follows from events about people: their mails."""

from accounts.users.emails import queue_mail_to
from accounts.users.links import make_email_confirmation
from accounts.users.models import User
from accounts.users.selectors import find_user_by_email, get_user
from manager.outbox.models import OutboxEvent


def email_confirmation_link(event: OutboxEvent) -> None:
    """Mail the link that confirms the address, unless it is confirmed already (ACC-1)."""
    user = User.objects.filter(pk=event.payload["user"], email_confirmed_at=None, is_active=True).first()
    if user is not None:
        token = make_email_confirmation(user, at=event.created_at)
        queue_mail_to(user, template="email_confirmation", event=event, token=token)


def email_registration_repeated(event: OutboxEvent) -> None:
    """Tell the owner of an address that somebody tried to register with it (INC-8)."""
    user = find_user_by_email(event.payload["email"])
    if user is not None and user.is_active:
        queue_mail_to(user, template="registration_repeated", event=event)


def email_phone_changed(event: OutboxEvent) -> None:
    """Tell the person that the mobile number was changed (ACC-11)."""
    facts = {name: event.payload[name] for name in ("before", "phone")}
    queue_mail_to(get_user(user_id=event.payload["user"]), template="phone_changed", event=event, **facts)
