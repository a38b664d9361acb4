"""What the driver is told of a mailbox or a route, and when it is tried again."""

from datetime import datetime
from typing import Any

from products.modules.mail.models import Mailbox, MailEntry, MailRoute

KIND = "mail"
SET, REMOVE = "set", "remove"
ENTRIES: dict[str, type[MailEntry]] = {"mailbox": Mailbox, "route": MailRoute}


def noun_of(entry: MailEntry) -> str:
    """Return what the entry is called in operations and keys."""
    return "mailbox" if isinstance(entry, Mailbox) else "route"


def operation_of(entry: MailEntry) -> str:
    """Return the operation that is due: `set-mailbox`, `remove-mailbox`, `set-route` or `remove-route`."""
    return f"{REMOVE if entry.is_leaving else SET}-{noun_of(entry)}"


def key_of(entry: MailEntry) -> str:
    """Return the name of the call: the same while nobody knows how it ended."""
    return f"{noun_of(entry)}.{entry.pk}.{entry.serial}.{operation_of(entry)}"


def describe_entry(entry: MailEntry) -> dict[str, Any]:
    """Return all that the driver needs: it sets the entry as it stands here, however often it is told.

    A password is its hash in the scheme of the mail servers; there is nothing else.
    """
    told: dict[str, Any] = {"address": entry.address}
    if entry.is_leaving:
        return told
    if isinstance(entry, Mailbox):
        return {**told, **_describe_mailbox(entry)}
    if isinstance(entry, MailRoute):
        targets = [entry.mailbox.address] if entry.mailbox else entry.targets
        told |= {"kind": entry.kind, "targets": targets, "keeps_copy": entry.keeps_copy}
    return told


def _describe_mailbox(mailbox: Mailbox) -> dict[str, Any]:
    reply = {
        "from": _day(mailbox.reply_from),
        "until": _day(mailbox.reply_until),
        "subject": mailbox.reply_subject,
        "text": mailbox.reply_text,
    }
    return {
        "password_hash": mailbox.password_hash,
        "quota_gb": mailbox.quota_gb,
        "is_suspended": mailbox.is_suspended,
        "reply": reply if mailbox.has_reply else None,
    }


def _day(day: Any) -> str | None:
    return day.isoformat() if day else None


def make_due(entry: MailEntry, at: datetime) -> None:
    """Let the locked entry be carried out at once, as it stands now; the caller saves it."""
    entry.due_at = at
    entry.attempts = 0
    entry.last_error = ""
    # A worker that carries out what stood here before may not write its end as the last word.
    entry.fence += 1
    entry.serial += 1
