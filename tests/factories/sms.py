"""Codes by SMS, as they arrive on a phone."""

import re

from accounts.sms.models import SmsFactor
from accounts.sms.services import confirm_sms, start_sms
from accounts.users.models import User
from manager.demo.inbox.models import InboxMessage
from manager.outbox.sms import drain_sms
from tests.factories.people import present, visitor

NUMBER = "+41791234567"


def messages_to(number: str = NUMBER) -> list[str]:
    """Let the worker send; return the texts that a number got, oldest first."""
    drain_sms(at=present())
    return [
        message.text for message in InboxMessage.objects.filter(recipient=number, is_sms=True).order_by("pk")
    ]


def last_code(number: str = NUMBER) -> str:
    """Return the code of the last text message to a number."""
    found = re.search(r"\b(\d{6})\b", messages_to(number)[-1])
    assert found
    return found[1]


def turn_on_sms(user: User, number: str = NUMBER) -> list[str]:
    """Add a number as second factor; return the backup codes."""
    start_sms(user=user, phone=number, name="Mobile", actor=visitor(), at=present())
    _, codes = confirm_sms(
        user=user, code=last_code(number), keep_session=None, actor=visitor(), at=present()
    )
    return codes


def factor_of(user: User) -> SmsFactor:
    """Return the person's number."""
    return SmsFactor.objects.get(user=user, confirmed=True)
