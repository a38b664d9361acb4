"""Passwords of mailboxes: another one, and whether one is right (MAIL-1)."""

from datetime import datetime

from django.db import transaction

from accounts.sessions.limits import MINUTE, take_or_refuse
from manager.kit.actor import Actor
from manager.outbox.publish import publish
from products.modules.mail.models import Mailbox
from products.modules.mail.passwords import check_strength, hash_password, is_password
from products.modules.mail.services.lock import carry_out, lock_entry, note

TESTS = 10
TEST_WINDOW = 15 * MINUTE


def change_mailbox_password(*, mailbox: Mailbox, password: str, actor: Actor, at: datetime) -> Mailbox:
    """Give a mailbox another password; its reader is told when somebody else did it (MAIL-1).

    :raises WeakPassword: see StrengthValidator.
    :raises EntryLeaving: it was deleted.
    """
    check_strength(password, address=mailbox.address)
    password_hash = hash_password(password)
    with transaction.atomic():
        mailbox = _set(mailbox, password_hash, actor, at)
        publish(
            "mailbox.password_changed",
            organization_id=mailbox.organization_id,
            payload={"mailbox": mailbox.pk, "by": actor.user_id or 0, "by_name": actor.name},
            at=at,
        )
    return mailbox


@transaction.atomic
def share_account_password(*, mailbox: Mailbox, password: str, actor: Actor, at: datetime) -> Mailbox:
    """Set the mailbox's password to the account's new one, by the person whose both are (MAIL-2, ACC-5).

    The strength was checked for the account. The password goes no further than this hash.

    :raises EntryLeaving: it was deleted.
    """
    return _set(mailbox, hash_password(password), actor, at)


def _set(mailbox: Mailbox, password_hash: str, actor: Actor, at: datetime) -> Mailbox:
    mailbox = lock_entry(mailbox)
    mailbox.password_hash = password_hash
    carry_out(mailbox, at)
    note(mailbox, "password_changed", actor=actor, at=at)
    return mailbox


def try_mailbox_password(
    *, mailbox: Mailbox, password: str, user_id: int, actor: Actor, at: datetime
) -> bool:
    """Return whether this is the mailbox's password (MAIL-1), ten times in a quarter of an hour.

    Every try counts, for the mailbox and for who asks, and is logged: the test is no way to guess.

    :raises TooManyAttempts: none is left.
    """
    for key in (f"mailbox-test:{mailbox.pk}", f"mailbox-test:person:{user_id}"):
        take_or_refuse(key, limit=TESTS, window_seconds=TEST_WINDOW)
    is_right = is_password(password, mailbox.password_hash)
    note(mailbox, "tested", actor=actor, at=at, is_right=is_right)
    return is_right
