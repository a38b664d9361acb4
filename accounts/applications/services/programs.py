"""End all programs that act for a person: personal tokens, and applications that were allowed."""

from datetime import datetime

from django.db import transaction

from accounts.applications.selectors import list_live_consents
from accounts.applications.services.consents import revoke_consent
from accounts.tokens.selectors import list_live_tokens
from accounts.tokens.services import revoke_token
from accounts.users.models import User
from manager.kit.actor import Actor


@transaction.atomic
def end_programs(*, user: User, actor: Actor, at: datetime) -> int:
    """Revoke the person's API tokens and consents, as part of a change that tells of itself; return how many.

    What others allowed to applications that the person has registered stays, and so do the secrets of his
    or her services.
    """
    tokens = list(list_live_tokens(user=user))
    consents = list(list_live_consents(user=user))
    for token in tokens:
        revoke_token(token=token, actor=actor, at=at)
    for consent in consents:
        revoke_consent(consent=consent, actor=actor, at=at)
    return len(tokens) + len(consents)
