"""Verbs of the mail service. A row is the work; `periodic.py` carries it out."""

from products.modules.mail.services.change import (
    Reply,
    change_mailbox,
    retry_mailboxes,
    set_reply,
    set_suspended,
)
from products.modules.mail.services.create import NewMailbox, create_mailbox, create_mailboxes
from products.modules.mail.services.passwords import (
    change_mailbox_password,
    share_account_password,
    try_mailbox_password,
)
from products.modules.mail.services.remove import delete_mailboxes
from products.modules.mail.services.routes import (
    change_alias,
    change_redirection,
    create_alias,
    create_redirection,
    delete_route,
)

__all__ = [
    "NewMailbox",
    "Reply",
    "change_alias",
    "change_mailbox",
    "change_mailbox_password",
    "change_redirection",
    "create_alias",
    "create_mailbox",
    "create_mailboxes",
    "create_redirection",
    "delete_mailboxes",
    "delete_route",
    "retry_mailboxes",
    "set_reply",
    "set_suspended",
    "share_account_password",
    "try_mailbox_password",
]
