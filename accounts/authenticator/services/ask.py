"""Ask a person's phones for approval (ACC-10)."""

import secrets
from datetime import datetime, timedelta

from django.db import transaction

from accounts.authenticator.models import ApprovalRequest, LinkedPhone
from accounts.authenticator.status import OPEN, TRANSITIONS, ApprovalStatus
from accounts.mfa.services import SecondFactorIsOff
from accounts.sessions.agents import name_browser, name_system
from accounts.users.models import User
from manager.kit.actor import Actor
from manager.kit.nudge import nudge
from manager.kit.status import transition

LIFE = timedelta(minutes=2)
LOWEST, HIGHEST = 10, 99


@transaction.atomic
def ask_approval(*, user: User, is_sign_in: bool, actor: Actor, at: datetime) -> ApprovalRequest:
    """Ask all phones of the person; a new request replaces an open one. Lives two minutes.

    `actor` tells browser, system and address, which the phone shows.

    :raises SecondFactorIsOff: no phone is linked.
    """
    User.objects.select_for_update().get(pk=user.pk)
    if not LinkedPhone.objects.filter(user=user, confirmed=True).exists():
        raise SecondFactorIsOff
    for earlier in ApprovalRequest.objects.select_for_update().filter(user=user, status__in=OPEN):
        transition(earlier, ApprovalStatus.REPLACED, TRANSITIONS)
        earlier.save(update_fields=["status"])
    choices = _draw_numbers()
    request = ApprovalRequest.objects.create(
        user=user,
        is_sign_in=is_sign_in,
        number=secrets.choice(choices),
        choices=choices,
        address=actor.address,
        browser=name_browser(actor.agent),
        system=name_system(actor.agent),
        created_at=at,
        expires_at=at + LIFE,
    )
    nudge("pushes")
    return request


def _draw_numbers() -> list[int]:
    """Return three different numbers of two digits, in no order."""
    return secrets.SystemRandom().sample(range(LOWEST, HIGHEST + 1), 3)
