"""What follows from events about sessions: security mails."""

from accounts.sessions.models import Device
from accounts.users.emails import queue_mail_to
from accounts.users.history import note_in_history
from accounts.users.selectors import find_user_by_email, get_user
from manager.kit.actor import Actor, ActorKind
from manager.outbox.models import OutboxEvent


def email_signed_in_from_new_device(event: OutboxEvent) -> None:
    """Tell the person when, where and in which browser a new device signed in (ACC-11)."""
    device = Device.objects.filter(pk=event.payload["device"]).select_related("user").first()
    if device is not None:
        queue_mail_to(device.user, template="signed_in_from_new_device", event=event, device=device)


def note_failed_sign_in(event: OutboxEvent) -> None:
    """Put a wrong password into the history of the login's owner, if it has one (ACC-14)."""
    user = find_user_by_email(event.payload["email"])
    if user is not None and user.is_active:
        visitor = Actor(ActorKind.VISITOR, address=event.payload["address"], agent=event.payload["agent"])
        note_in_history("user.sign_in_failed", user=user, actor=visitor, at=event.created_at)


def email_sessions_revoked(event: OutboxEvent) -> None:
    """Tell the person that sessions were ended (ACC-11)."""
    user = get_user(user_id=event.payload["user"])
    queue_mail_to(user, template="sessions_revoked", event=event, count=event.payload["count"])


def email_sign_in_locked(event: OutboxEvent) -> None:
    """Tell the owner of a login that somebody guesses its password (ACC-17)."""
    user = find_user_by_email(event.payload["email"])
    if user is not None and user.is_active:
        queue_mail_to(user, template="sign_in_locked", event=event, address=event.payload["address"])
