"""Open a case, find out whose account it is about, stop it."""

from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from typing import Any

from django.db import transaction

from accounts.identity.journal import tell
from accounts.identity.links import seal, token_of
from accounts.identity.models import IdentityCase
from accounts.identity.selectors import list_unfinished, lock_case, lookup_people
from accounts.identity.services.closing import close
from accounts.identity.services.refusals import TooLateToStop
from accounts.identity.status import ACTIVE, LIFE, CaseStatus, Reason
from accounts.users.models import User
from manager.kit.actor import Actor, ActorKind


@transaction.atomic
def open_case(
    *,
    user: User | None,
    reason: Reason,
    actor: Actor,
    at: datetime,
    contact: str = "",
    subject: Mapping[str, Any] | None = None,
) -> tuple[IdentityCase, str]:
    """Open an identity check (ACC-12) and return it with the secret of its link, good for 72 hours.

    A visitor's case has a `contact` (e-mail or phone, normalized) instead of a `user`: nothing is looked
    up here, so that neither answer nor time tells whether an account exists. The event
    `identity.case_opened` lets a worker find the account. Where staff or the system open it, the person
    is mailed the link; `subject` holds ids that come back with each event, such as the held order.
    """
    case = IdentityCase(
        user=user,
        reason=reason,
        contact=contact,
        subject=dict(subject or {}),
        opened_at=at,
        expires_at=at + LIFE,
    )
    seal(case)
    case.save(force_insert=True)
    asks = actor.kind in {ActorKind.STAFF, ActorKind.SYSTEM}
    tell(case, "case_opened", actor=actor, at=at, asks=asks)
    return case, token_of(case)


@transaction.atomic
def find_owner(*, case_id: int, actor: Actor, at: datetime) -> IdentityCase | None:
    """Note whose account a visitor's case is about, where exactly one person has the contact.

    The owner is told by `identity.owner_found`, so that nobody is checked in his or her name unnoticed.
    """
    case = lock_case(case_id)
    if case.user is not None or case.status not in ACTIVE:
        return None
    people = list(lookup_people(case.contact)[:2])
    if len(people) != 1:
        return None
    case.user = people[0]
    case.save(update_fields=["user"])
    tell(case, "owner_found", actor=actor, at=at)
    return case


@transaction.atomic
def withdraw_case(*, case: IdentityCase, actor: Actor, at: datetime) -> IdentityCase:
    """Stop a check, by its owner or by staff: nothing changes, and what was uploaded is deleted.

    Also stops the removal of second factors that was approved and still waits.

    :raises TooLateToStop: it is closed, and what was approved has been done.
    """
    locked = lock_case(case.pk)
    if not locked.can_be_stopped:
        raise TooLateToStop
    close(locked, CaseStatus.WITHDRAWN, actor=actor, at=at)
    tell(locked, "withdrawn", actor=actor, at=at)
    return locked


@transaction.atomic
def leave_cases(*, user: User, actor: Actor, at: datetime) -> None:
    """Take a person who goes out of all cases: what runs is stopped, contact and number are removed.

    The cases stay without a person, and so does their journal of who decided and who looked.
    """
    for case in list_unfinished(user=user):
        with suppress(TooLateToStop):
            withdraw_case(case=case, actor=actor, at=at)
    IdentityCase.objects.filter(user=user).update(user=None, contact="", phone="")
