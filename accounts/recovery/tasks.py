"""What follows from events about recovery: links, reminders and notices, by mail and SMS."""

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from accounts.recovery.secrets import Purpose, change_key
from accounts.recovery.selectors import find_waiting_change, list_people_by_phone
from accounts.recovery.services import remove_deleted_recovery, replace_deleted_login
from accounts.recovery.services.forgotten_login import BY_SMS
from accounts.users.addresses import mask_email
from accounts.users.emails import queue_mail_to
from accounts.users.links import make_password_reset
from accounts.users.models import User
from accounts.users.selectors import find_user_by_email, get_user
from manager.kit.actor import Actor
from manager.kit.errors import Text
from manager.outbox.models import OutboxEvent
from manager.outbox.sms import queue_sms


def email_password_reset(event: OutboxEvent) -> None:
    """Mail the reset link to the recovery address, else to the login, if it is somebody's (ACC-6, INC-19).

    Where it went to the recovery address, the login is told that it did.
    """
    user = find_user_by_email(event.payload["email"])
    if user is None or not user.is_active:
        return
    token = make_password_reset(user, at=event.created_at)
    if not user.recovery_email:
        queue_mail_to(user, template="password_reset", event=event, token=token)
        return
    queue_mail_to(user, template="password_reset", event=event, token=token, recipient=user.recovery_email)
    if not user.has_temporary_login:
        sent_to = mask_email(user.recovery_email)
        queue_mail_to(user, template="password_reset_elsewhere", event=event, sent_to=sent_to)


def send_login_reminder(event: OutboxEvent) -> None:
    """Tell the login to the one person of this number, by SMS or to the recovery address (ACC-7)."""
    asked = event.payload
    people = list_people_by_phone(phone=asked["phone"], recovery_email=asked["recovery_email"])
    if not asked["phone"] or len(people) != 1:
        return
    user = people[0]
    login = user.temporary_login or user.email
    if asked["channel"] == BY_SMS:
        _queue_sms(user, event, _("Your login for %(brand)s is %(login)s"), login=login)
    elif user.recovery_email:
        queue_mail_to(
            user, template="login_reminder", event=event, recipient=user.recovery_email, login=login
        )


def email_recovery_email_confirmation(event: OutboxEvent) -> None:
    """Mail the link that confirms a recovery address to that address (ACC-6)."""
    change = find_waiting_change(event.payload["change"])
    if change is not None:
        key = change_key(change, Purpose.CONFIRM)
        queue_mail_to(
            change.user,
            template="recovery_email_confirmation",
            event=event,
            recipient=change.address,
            key=key,
        )


def email_recovery_email_changed(event: OutboxEvent) -> None:
    """Tell the login and the recovery address before that another one counts, or none (ACC-6, ACC-11)."""
    user = get_user(user_id=event.payload["user"])
    before, address = event.payload["before"], event.payload["address"]
    context = {"address": mask_email(address) if address else "", "had_one": bool(before)}
    for recipient in dict.fromkeys([user.mail_address, before]):
        if recipient:
            queue_mail_to(
                user, template="recovery_email_changed", event=event, recipient=recipient, **context
            )


def replace_login_of_deleted_mailbox(event: OutboxEvent) -> None:
    """Give the person whose login was the deleted mailbox a temporary identifier (ACC-13).

    A module that keeps mailboxes publishes `mailbox.deleted` with the mailbox's `address`.
    """
    actor = Actor.system("mailboxes")
    replace_deleted_login(address=event.payload["address"], actor=actor, at=event.created_at)


def remove_recovery_of_deleted_mailbox(event: OutboxEvent) -> None:
    """Take the deleted mailbox away from the people whose recovery address it was (ACC-6, ACC-13)."""
    actor = Actor.system("mailboxes")
    remove_deleted_recovery(address=event.payload["address"], actor=actor, at=event.created_at)


def email_recovery_email_deleted(event: OutboxEvent) -> None:
    """Tell the person that there is no recovery address any more, and why."""
    user = get_user(user_id=event.payload["user"])
    before = mask_email(event.payload["before"])
    queue_mail_to(user, template="recovery_email_deleted", event=event, before=before)


def send_temporary_login(event: OutboxEvent) -> None:
    """Tell the temporary identifier by mail to the recovery address and by SMS (ACC-13)."""
    user = get_user(user_id=event.payload["user"])
    login = user.temporary_login
    if not login:
        return
    queue_mail_to(user, template="login_replaced", event=event, login=login, before=event.payload["before"])
    if user.phone:
        text = _("Your mailbox was deleted. Sign in to %(brand)s with %(login)s and your password.")
        _queue_sms(user, event, text, login=login)


def _queue_sms(user: User, event: OutboxEvent, text: Text, *, login: str) -> None:
    with translation.override(user.language):
        filled = str(text) % {"brand": settings.BRAND_NAME, "login": login}
    queue_sms(
        recipient=user.phone,
        text=filled,
        dedupe_key=f"{event.id}:{user.pk}",
        at=event.created_at,
    )
