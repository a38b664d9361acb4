"""Close a person's account (ACC-15)."""

from datetime import datetime

from django.db import transaction
from django.db.models import CASCADE, ManyToOneRel, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.closing.departures import list_conditions, list_departures
from accounts.identity.services import leave_cases
from accounts.staff.services import withdraw_staff
from accounts.users.models import User
from manager.kit.actor import Actor
from manager.kit.errors import DomainError
from manager.outbox.publish import publish


class CannotClose(DomainError):
    """A condition is not met yet; the page lists them all."""

    code = "account_cannot_be_closed"
    status = 409
    message = _("Something has to be settled before the account can be closed.")


@transaction.atomic
def close_account(*, user: User, actor: Actor, at: datetime) -> User:
    """Close the account for good: nobody signs in with it again (ACC-15).

    The person leaves all organizations and the staff; identity checks that run are stopped. Sessions,
    devices, factors, tokens, applications, addresses and the history go, and all else that would go with
    the person's row. The row itself stays without a name, because invitations and logs point to it.
    Publishes `user.account_closed` for the last mail.

    :raises CannotClose: a condition is not met, for example the last legal representative (ORG-9).
    """
    leave_cases(user=user, actor=actor, at=at)  # first: whoever decides a case locks it before the person
    locked = User.objects.select_for_update().get(pk=user.pk)
    if locked.closed_at is not None:
        return locked
    if not all(condition.met for condition in list_conditions(user=locked, at=at)):
        raise CannotClose
    farewell = {
        "user": locked.pk,
        "email": locked.mail_address,
        "name": locked.name,
        "language": locked.language,
        "time_zone": locked.time_zone,
    }
    for departure in list_departures():
        departure.leave(locked, actor, at)
    _forget(locked, actor, at)
    publish("user.account_closed", organization_id=0, payload=farewell, at=at)
    return locked


def _forget(user: User, actor: Actor, at: datetime) -> None:
    withdraw_staff(user=user, actor=actor, at=at)
    relations = User._meta.get_fields(include_hidden=True)  # noqa: SLF001  (Django's public API of models)
    for relation in relations:
        # What would go with the row goes now, whichever room keeps it; the row alone stays.
        if isinstance(relation, ManyToOneRel) and relation.on_delete is CASCADE:
            QuerySet(relation.related_model).filter(**{relation.field.name: user}).delete()
    user.refresh_from_db()
    user.email = f"closed-{user.pk}@closed.invalid"
    user.first_name = user.last_name = user.phone = user.recovery_email = user.avatar_digest = ""
    user.muted_mails = []
    user.email_confirmed_at = None
    user.is_active = False
    user.closed_at = at
    user.set_unusable_password()
    user.save()
