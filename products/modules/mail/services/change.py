"""Change mailboxes: room, who uses them, the reply, suspension (MAIL-1)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from manager.kit.actor import Actor
from products.modules.mail.models import Mailbox
from products.modules.mail.services.lock import carry_out, lock_entry, note


@dataclass(frozen=True, slots=True)
class Reply:
    """An auto-reply; sent once to each sender, from `starts_on` to `ends_on`, both days included."""

    subject: str
    text: str
    starts_on: date | None = None
    ends_on: date | None = None


@transaction.atomic
def change_mailbox(
    *, mailbox: Mailbox, quota_gb: int, is_shared: bool, is_personal: bool, actor: Actor, at: datetime
) -> Mailbox:
    """Change the room of a mailbox, and who uses it (MAIL-1, MAIL-2).

    :raises EntryLeaving: it was deleted.
    """
    mailbox = lock_entry(mailbox)
    mailbox.quota_gb = quota_gb
    mailbox.is_shared = is_shared
    mailbox.is_personal = is_personal
    carry_out(mailbox, at)
    note(mailbox, "changed", actor=actor, at=at, quota_gb=quota_gb, is_shared=is_shared)
    return mailbox


@transaction.atomic
def set_reply(*, mailbox: Mailbox, reply: Reply | None, actor: Actor, at: datetime) -> Mailbox:
    """Switch the auto-reply of a mailbox on, or off with None: its text is kept for the next time.

    :raises EntryLeaving: it was deleted.
    """
    mailbox = lock_entry(mailbox)
    mailbox.has_reply = reply is not None
    if reply is not None:
        mailbox.reply_subject, mailbox.reply_text = reply.subject, reply.text
        mailbox.reply_from, mailbox.reply_until = reply.starts_on, reply.ends_on
    carry_out(mailbox, at)
    note(mailbox, "reply_set" if reply else "reply_ended", actor=actor, at=at)
    return mailbox


@transaction.atomic
def set_suspended(
    *, mailboxes: Sequence[Mailbox], is_suspended: bool, actor: Actor, at: datetime
) -> list[Mailbox]:
    """Suspend mailboxes, or let them work again; those that are so already stay as they are.

    A suspended one keeps its mail, takes none and lets nobody in.

    :raises EntryLeaving: one of them was deleted.
    """

    def change(mailbox: Mailbox) -> bool:
        if mailbox.is_suspended == is_suspended:
            return False
        mailbox.is_suspended = is_suspended
        carry_out(mailbox, at)
        note(mailbox, "suspended" if is_suspended else "resumed", actor=actor, at=at)
        return True

    return _each(mailboxes, change)


@transaction.atomic
def retry_mailboxes(*, mailboxes: Sequence[Mailbox], actor: Actor, at: datetime) -> list[Mailbox]:
    """Have mailboxes carried out once more at once, whatever failed.

    :raises EntryLeaving: one of them was deleted.
    """

    def change(mailbox: Mailbox) -> bool:
        if not mailbox.last_error:
            return False
        carry_out(mailbox, at)
        note(mailbox, "retried", actor=actor, at=at)
        return True

    return _each(mailboxes, change)


def _each(mailboxes: Sequence[Mailbox], change: Callable[[Mailbox], bool]) -> list[Mailbox]:
    # In the order of their ids: two that lock in another order wait for each other.
    locked = [lock_entry(mailbox) for mailbox in sorted(mailboxes, key=lambda one: one.pk)]
    return [mailbox for mailbox in locked if change(mailbox)]
