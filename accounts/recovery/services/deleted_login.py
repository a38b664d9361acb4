"""The verb for a login whose mailbox was deleted by its organization (ACC-13)."""

import re
import secrets
import unicodedata
from datetime import datetime

from django.db import transaction

from accounts.recovery.models import AddressChange
from accounts.sessions.services import end_sessions
from accounts.users.addresses import TEMPORARY_DOMAIN, normalize_email
from accounts.users.history import publish_security_event
from accounts.users.models import User
from manager.kit.actor import Actor

DIGITS = 8


@transaction.atomic
def replace_deleted_login(*, address: str, actor: Actor, at: datetime) -> User | None:
    """Give the person whose login was this mailbox a temporary identifier, sent to other ways (ACC-13).

    The old address opens nothing any more: whoever makes a mailbox of that name again cannot have a
    reset link sent there. All sessions end; signing in with the identifier and the old password leads to
    the choice of a new login and nowhere else. Returns None where the mailbox was nobody's login.
    """
    user = User.objects.select_for_update().filter(email=normalize_email(address)).first()
    if user is None:
        return None
    before = user.email
    user.email = f"{_make_identifier(user)}@{TEMPORARY_DOMAIN}"
    user.save(update_fields=["email"])
    AddressChange.objects.filter(user=user, confirmed_at=None, cancelled_at=None).update(cancelled_at=at)
    end_sessions(user=user)
    publish_security_event(
        "user.login_replaced", user=user, actor=actor, at=at, details={"before": before}, before=before
    )
    return user


def _make_identifier(user: User) -> str:
    """Return initials and digits that nobody has."""
    plain = unicodedata.normalize("NFKD", user.initials).encode("ascii", "ignore").decode().lower()
    initials = re.sub("[^a-z]", "", plain)[:4] or "u"
    while True:
        identifier = f"{initials}{secrets.randbelow(10**DIGITS):0{DIGITS}d}"
        if not User.objects.filter(email=f"{identifier}@{TEMPORARY_DOMAIN}").exists():
            return identifier
