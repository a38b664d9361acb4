"""The staff's side: look at the photographs, approve, refuse (ACC-12)."""

from datetime import datetime

from django.db import transaction

from accounts.identity.journal import note, tell
from accounts.identity.models import IdentityCase, IdentityImage
from accounts.identity.selectors import list_candidates, lock_case
from accounts.identity.services.closing import close
from accounts.identity.services.refusals import OwnCase, PersonUnknown
from accounts.identity.status import DELAY_OF_FACTORS, CaseStatus, Page, Reason, Refusal
from accounts.users.models import User
from manager.kit.actor import Actor
from manager.kit.encryption import decrypt
from manager.kit.errors import NotFound


@transaction.atomic
def look_at_image(*, case_id: int, page: Page, actor: Actor, at: datetime) -> tuple[IdentityImage, bytes]:
    """Return a photograph that waits for review, with its bytes; who looked is noted first.

    :raises NotFound: there is none, or the case is not being reviewed.
    """
    image = (
        IdentityImage.objects.select_related("case")
        .filter(case_id=case_id, case__status=CaseStatus.SUBMITTED, page=page)
        .first()
    )
    if image is None:
        raise NotFound
    note(image.case, "image_viewed", actor=actor, at=at, detail=page)
    return image, decrypt(image.content, purpose=image.purpose)


@transaction.atomic
def approve_case(
    *, case: IdentityCase, user_id: int | None = None, actor: Actor, at: datetime
) -> IdentityCase:
    """Confirm the person's identity and close the case; its photographs are deleted.

    What follows depends on the reason: a link for a new password or the login goes by SMS to the proved
    number; second factors are removed after 24 hours in which the owner can stop it; a held order goes
    on by the event. `user_id` names whose account it is where nobody knew before. Of two people deciding
    at once, one wins.

    :raises PersonUnknown: nobody knows whose account it is, or `user_id` is none of the candidates.
    :raises OwnCase: see there.
    :raises IllegalTransition: it is decided, withdrawn or expired.
    """
    locked = lock_case(case.pk)
    if locked.user is None and locked.status == CaseStatus.SUBMITTED:
        locked.user = _choose(locked, user_id)
    _refuse_own(locked, actor)
    waits = locked.reason == Reason.LOST_FACTOR
    locked.decided_by_id = actor.user_id
    locked.effective_at = at + DELAY_OF_FACTORS if waits else at
    locked.done_at = None if waits else at
    close(locked, CaseStatus.APPROVED, actor=actor, at=at)
    tell(locked, "approved", actor=actor, at=at)
    return locked


@transaction.atomic
def refuse_case(
    *, case: IdentityCase, refusal: Refusal, text: str = "", actor: Actor, at: datetime
) -> IdentityCase:
    """Refuse, with a reason of the list and a few words of one's own; both are told to the person.

    :raises OwnCase: see there.
    :raises IllegalTransition: it is decided, withdrawn or expired.
    """
    locked = lock_case(case.pk)
    _refuse_own(locked, actor)
    locked.decided_by_id = actor.user_id
    locked.refusal = refusal
    locked.note = text.strip()
    close(locked, CaseStatus.REFUSED, actor=actor, at=at)
    tell(locked, "refused", actor=actor, at=at)
    return locked


def _choose(case: IdentityCase, user_id: int | None) -> User:
    for candidate in list_candidates(case):
        if candidate.pk == user_id:
            return candidate
    raise PersonUnknown


def _refuse_own(case: IdentityCase, actor: Actor) -> None:
    if case.user_id is not None and case.user_id == actor.user_id:
        raise OwnCase
