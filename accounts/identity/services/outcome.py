"""What follows an approval: a link for a new password, and factors removed after the delay."""

from datetime import datetime

from django.db import transaction

from accounts.identity.journal import note, tell
from accounts.identity.models import IdentityCase
from accounts.identity.selectors import lock_case
from accounts.identity.status import LIFE_OF_RESULT, CaseStatus, Reason
from accounts.mfa.services.reset import remove_all_factors
from accounts.users.models import User
from accounts.users.services import LinkNotValid
from manager.kit.actor import Actor
from manager.kit.tokens import hash_secret, make_secret


@transaction.atomic
def make_result(*, case_id: int, at: datetime) -> str:
    """Return the secret of a link that sets a new password after an approval, once, for 48 hours."""
    case = lock_case(case_id)
    secret = make_secret(16)
    case.result_hash = hash_secret(secret)
    case.result_expires_at = at + LIFE_OF_RESULT
    case.save(update_fields=["result_hash", "result_expires_at"])
    return secret


def find_result(*, secret: str, at: datetime) -> IdentityCase | None:
    """Return the approved case whose link was followed, or None when it is used or too old."""
    return (
        IdentityCase.objects.select_related("user")
        .filter(
            result_hash=hash_secret(secret),
            result_expires_at__gt=at,
            status=CaseStatus.APPROVED,
            reason=Reason.LOST_PASSWORD,
            user__is_active=True,
        )
        .first()
    )


@transaction.atomic
def use_result(*, secret: str, actor: Actor, at: datetime) -> User:
    """Use the link up; return whose password may be set now.

    :raises LinkNotValid: it is used or too old.
    """
    found = find_result(secret=secret, at=at)
    case = lock_case(found.pk) if found is not None else None
    if case is None or case.user is None or case.result_hash != hash_secret(secret):
        raise LinkNotValid
    case.result_hash = ""
    case.save(update_fields=["result_hash"])
    note(case, "result_used", actor=actor, at=at)
    return case.user


@transaction.atomic
def carry_out(*, case_id: int, actor: Actor, at: datetime) -> bool:
    """Remove all second factors of an approved case whose delay is over; return whether it was done."""
    case = lock_case(case_id)
    due = case.effective_at is not None and case.effective_at <= at
    if case.status != CaseStatus.APPROVED or case.done_at is not None or not due:
        return False
    case.done_at = at
    case.save(update_fields=["done_at"])
    if case.user is not None:
        remove_all_factors(user=case.user, actor=actor, at=at)
        tell(case, "factors_removed", actor=actor, at=at)
    return True
