"""What follows from events about the second factor: security mails (ACC-11)."""

from accounts.mfa.factors import find_factor_kind
from accounts.users.emails import queue_mail_to
from accounts.users.selectors import get_user
from manager.outbox.models import OutboxEvent


def email_factor_added(event: OutboxEvent) -> None:
    """Tell the person that a second factor was added."""
    _email_about_factor(event, "factor_added")


def email_factor_removed(event: OutboxEvent) -> None:
    """Tell the person that a second factor was removed; with the last one two-step sign-in is off."""
    _email_about_factor(event, "factor_removed")


def email_second_step_locked(event: OutboxEvent) -> None:
    """Tell the person that somebody who knows the password guesses codes (ACC-17)."""
    user = get_user(user_id=event.payload["user"])
    queue_mail_to(user, template="second_step_locked", event=event, address=event.payload["address"])


def email_backup_codes_regenerated(event: OutboxEvent) -> None:
    """Tell the person that there are new backup codes."""
    queue_mail_to(get_user(user_id=event.payload["user"]), template="backup_codes_regenerated", event=event)


def email_backup_code_used(event: OutboxEvent) -> None:
    """Tell the person that a backup code was used, and how many are left."""
    user = get_user(user_id=event.payload["user"])
    queue_mail_to(user, template="backup_code_used", event=event, left=event.payload["left"])


def _email_about_factor(event: OutboxEvent, template: str) -> None:
    facts = event.payload
    kind = find_factor_kind(facts["kind"])
    queue_mail_to(
        get_user(user_id=facts["user"]),
        template=template,
        event=event,
        kind=kind.label if kind else "",
        name=facts["factor"],
        is_first=facts.get("is_first", False),
        was_last=facts.get("was_last", False),
    )
