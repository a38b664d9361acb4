"""The verb of a forgotten login: told by SMS or to the recovery address (ACC-7)."""

from datetime import datetime

from django.db import transaction

from accounts.users.addresses import normalize_email
from manager.kit.actor import Actor
from manager.outbox.publish import publish

BY_SMS = "sms"
BY_EMAIL = "email"


@transaction.atomic
def request_login_reminder(
    *, phone: str, recovery_email: str, channel: str, actor: Actor, at: datetime
) -> None:
    """Have the login told to whom the number (E.164) belongs, the way he or she chose.

    Nothing is looked up here: the work is the same for every number (INC-8). The worker sends only to
    what is stored, and only where number and recovery address point to one person.
    """
    payload = {"phone": phone, "recovery_email": normalize_email(recovery_email), "channel": channel}
    publish("user.login_reminder_requested", organization_id=0, payload=payload, at=at)
