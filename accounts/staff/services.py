"""Verbs of the staff: who may come into the back office, and what each may do there."""

from collections.abc import Iterable
from datetime import datetime

from django.contrib.auth.models import Permission
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.sessions.staff import list_rights
from accounts.staff.models import RightChange
from accounts.users.models import User
from manager.kit.actor import Actor
from manager.kit.errors import DomainError
from manager.outbox.publish import publish


class UnknownRight(DomainError):
    """The back office has no such right."""

    code = "unknown_right"
    status = 422
    message = _("There is no such right.")


@transaction.atomic
def grant_staff(*, user: User, rights: Iterable[str], actor: Actor, at: datetime) -> User:
    """Let a person into the back office with further `rights` (`app.codename`); none is taken away.

    The person is told by mail, and comes in with a second factor only (INC-15).

    :raises UnknownRight: one of them is none; nothing is given.
    """
    wanted = {right: _get_permission(right) for right in rights}
    locked = User.objects.select_for_update().get(pk=user.pk)
    present = set(_own_rights(locked))
    new = [right for right in wanted if right not in present]
    if locked.is_staff and not new:
        return locked
    locked.is_staff = True
    locked.save(update_fields=["is_staff"])
    locked.user_permissions.add(*(wanted[right] for right in new))
    _journal(locked, new, is_given=True, actor=actor, at=at)
    publish("staff.granted", organization_id=0, payload={"user": locked.pk, "rights": new}, at=at)
    return locked


@transaction.atomic
def withdraw_staff(*, user: User, actor: Actor, at: datetime) -> User:
    """Take all rights of the back office from a person, and the way in; the person is told by mail."""
    locked = User.objects.select_for_update().get(pk=user.pk)
    if not locked.is_staff:
        return locked
    taken = _own_rights(locked)
    locked.is_staff = False
    locked.save(update_fields=["is_staff"])
    locked.user_permissions.clear()
    locked.groups.clear()
    _journal(locked, taken, is_given=False, actor=actor, at=at)
    publish("staff.withdrawn", organization_id=0, payload={"user": locked.pk}, at=at)
    return locked


def _own_rights(user: User) -> list[str]:
    rows = user.user_permissions.values_list("content_type__app_label", "codename")
    return sorted(f"{app}.{codename}" for app, codename in rows)


def _get_permission(right: str) -> Permission:
    app, _dot, codename = right.partition(".")
    found = Permission.objects.filter(content_type__app_label=app, codename=codename).first()
    if found is None or right not in list_rights():
        raise UnknownRight(_("There is no right called %(right)s.") % {"right": right})
    return found


def _journal(user: User, rights: Iterable[str], *, is_given: bool, actor: Actor, at: datetime) -> None:
    RightChange.objects.bulk_create(
        RightChange(
            user=user,
            right=right,
            is_given=is_given,
            actor_kind=actor.kind,
            actor_id=actor.user_id,
            actor_name=actor.name,
            at=at,
        )
        for right in ("", *rights)  # the empty one is the way in
    )
