"""One password for the account and the mailbox that is its login (MAIL-2, ACC-5).

A floor above that keeps mailboxes registers how they are found and set; the password is handed over
within the transaction of the change and goes no other way.
"""

from collections.abc import Callable
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from accounts.users.models import User
from manager.kit.actor import Actor
from manager.kit.errors import DomainError

# The address of the mailbox that this person may give the account's password, or "".
Finder = Callable[[User, datetime], str]
# Gives it this password; False where there is none any more.
Setter = Callable[[User, str, Actor, datetime], bool]

_keepers: list[tuple[Finder, Setter]] = []


class MailboxNotShared(DomainError):
    """The login is no hosted mailbox that only this person reads, or its password is not his or hers."""

    code = "mailbox_not_shared"
    field = "with_mailbox"
    message = _("Your login is no mailbox here whose password you can set.")


def register_mailboxes(find: Finder, set_password: Setter) -> None:
    """Let a floor above offer its mailboxes; called once, at start."""
    if (find, set_password) not in _keepers:
        _keepers.append((find, set_password))


def find_own_mailbox(*, user: User, at: datetime) -> str:
    """Return the mailbox for which the account's password can be used, "" where there is none."""
    return next((address for find, _set in _keepers if (address := find(user, at))), "")


def set_mailbox_password(*, user: User, password: str, actor: Actor, at: datetime) -> None:
    """Give the mailbox that is the login this password; in the transaction of the account's change.

    :raises MailboxNotShared: there is none.
    """
    if not any(set_password(user, password, actor, at) for _find, set_password in _keepers):
        raise MailboxNotShared
