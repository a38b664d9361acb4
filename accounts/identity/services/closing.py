"""How each case ends: with a status, and without its photographs."""

from datetime import datetime

from accounts.identity.journal import note
from accounts.identity.models import IdentityCase
from accounts.identity.status import TRANSITIONS, CaseStatus
from manager.kit.actor import Actor
from manager.kit.status import transition


def close(case: IdentityCase, status: CaseStatus, *, actor: Actor, at: datetime) -> None:
    """Bring a locked case to an end and delete what was uploaded, in one transaction (ACC-12).

    :raises IllegalTransition: it has ended already.
    """
    transition(case, status, TRANSITIONS)
    case.closed_at = case.closed_at or at
    case.code_hash = ""
    case.save()
    delete_images(case, actor=actor, at=at)


def delete_images(case: IdentityCase, *, actor: Actor, at: datetime) -> int:
    """Delete the case's photographs and note how many; return the number."""
    count, _by_model = case.images.all().delete()
    if count:
        note(case, "files_deleted", actor=actor, at=at, detail=str(count))
    return count
