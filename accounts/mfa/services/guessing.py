"""Telling a person that somebody guesses codes, which takes the password already (ACC-17)."""

from datetime import datetime

from django.db import transaction

from accounts.users.history import publish_security_event
from accounts.users.models import User
from manager.kit.actor import Actor


@transaction.atomic
def report_guessed_codes(*, user: User, actor: Actor, at: datetime) -> None:
    """Have the person told that the second step is locked for strangers after too many wrong codes."""
    publish_security_event("user.second_step_locked", user=user, actor=actor, at=at, address=actor.address)
