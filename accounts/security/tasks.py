"""What follows from changes of a person's security: mails (ACC-11)."""

from accounts.recovery.models import AddressChange
from accounts.recovery.secrets import Purpose, change_key
from accounts.recovery.selectors import find_waiting_change
from accounts.users.addresses import is_temporary
from accounts.users.emails import queue_mail_to
from accounts.users.links import make_password_reset
from accounts.users.selectors import find_user_by_email, get_user
from manager.outbox.models import OutboxEvent


def email_password_changed(event: OutboxEvent) -> None:
    """Tell the person that the password was changed, by the page or by a mailed link (ACC-5)."""
    user, ended = get_user(user_id=event.payload["user"]), event.payload.get("programs_ended", 0)
    queue_mail_to(user, template="password_changed", event=event, programs_ended=ended)


def email_login_confirmation(event: OutboxEvent) -> None:
    """Mail the link to the wanted login; where it is another's login, tell its owner instead (INC-8)."""
    change = find_waiting_change(event.payload["change"])
    if change is None:
        return
    owner = find_user_by_email(change.address)
    if owner is not None:
        if owner.is_active:
            queue_mail_to(owner, template="login_wanted_by_another", event=event)
        return
    key = change_key(change, Purpose.CONFIRM)
    queue_mail_to(change.user, template="login_confirmation", event=event, recipient=change.address, key=key)


def email_login_change_requested(event: OutboxEvent) -> None:
    """Tell the present login that another one is wanted, with a link that stops it (ACC-4, INC-10)."""
    change = find_waiting_change(event.payload["change"])
    if change is not None and not is_temporary(change.old_address):
        key = change_key(change, Purpose.CANCEL)
        queue_mail_to(
            change.user,
            template="login_change_requested",
            event=event,
            recipient=change.old_address,
            address=change.address,
            key=key,
        )


def email_login_changed(event: OutboxEvent) -> None:
    """Tell the address before and the new one; the first may take it back for 7 days (ACC-4, ACC-11)."""
    change = AddressChange.objects.select_related("user").get(pk=event.payload["change"])
    context = {"before": change.old_address, "address": change.address}
    if is_temporary(change.old_address):
        context["before"] = ""
    else:
        key = change_key(change, Purpose.UNDO)
        queue_mail_to(
            change.user,
            template="login_changed",
            event=event,
            recipient=change.old_address,
            key=key,
            **context,
        )
    queue_mail_to(
        change.user, template="login_changed", event=event, recipient=change.address, key="", **context
    )


def email_login_change_undone(event: OutboxEvent) -> None:
    """Mail the link for a new password to the restored login, and tell the address that lost it."""
    change = AddressChange.objects.select_related("user").get(pk=event.payload["change"])
    token = make_password_reset(change.user, at=event.created_at)
    template = "login_change_undone"
    queue_mail_to(change.user, template=template, event=event, recipient=change.old_address, token=token)
    queue_mail_to(change.user, template=template, event=event, recipient=change.address, token="")
