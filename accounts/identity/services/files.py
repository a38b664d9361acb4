"""What ends by itself: cases after 72 hours, and every photograph with or without its case."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q

from accounts.identity.journal import tell
from accounts.identity.models import IdentityCase, IdentityImage
from accounts.identity.selectors import lock_case
from accounts.identity.services.closing import close, delete_images
from accounts.identity.status import ACTIVE, LIFE, CaseStatus
from manager.kit.actor import Actor


@transaction.atomic
def expire_case(*, case_id: int, actor: Actor, at: datetime) -> bool:
    """End a case whose time is over; return whether it was this call that did."""
    case = lock_case(case_id)
    if case.status not in ACTIVE or case.expires_at > at:
        return False
    was_submitted = case.status == CaseStatus.SUBMITTED
    close(case, CaseStatus.EXPIRED, actor=actor, at=at)
    tell(case, "expired", actor=actor, at=at, was_submitted=was_submitted)
    return True


def due_for_deletion(at: datetime) -> Q:
    """Return the condition of photographs that must not exist: 72 hours old, or of a closed case."""
    return Q(uploaded_at__lte=at - LIFE) | ~Q(case__status__in=ACTIVE)


@transaction.atomic
def delete_files_of(*, case_id: int, actor: Actor, at: datetime) -> int:
    """Delete a case's photographs where they must not exist any more; return how many.

    A case that waits with photographs of which one is too old loses all: staff could not decide by the rest.
    """
    case = lock_case(case_id)
    if not IdentityImage.objects.filter(due_for_deletion(at), case=case).exists():
        return 0
    return delete_images(case, actor=actor, at=at)


@transaction.atomic
def forget_contact(*, case_id: int) -> None:
    """Remove from a closed case what the person typed; who decided what stays."""
    IdentityCase.objects.filter(pk=case_id).exclude(status__in=ACTIVE).update(contact="", phone="")
