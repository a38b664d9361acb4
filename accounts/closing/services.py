"""Close a person's account (ACC-15)."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django_otp import devices_for_user

from accounts.applications.models import OAuthApplication, OAuthConsent
from accounts.closing.departures import list_conditions, list_departures
from accounts.identity.models import IdentityCase
from accounts.mfa.models import BackupCode
from accounts.profile.models import Avatar
from accounts.recovery.models import AddressChange
from accounts.sessions.models import Device
from accounts.sessions.services import end_sessions
from accounts.tokens.models import ApiToken
from accounts.users.models import SecurityEvent, User
from manager.kit.actor import Actor
from manager.kit.errors import DomainError
from manager.outbox.publish import publish

FORGOTTEN = (
    ApiToken,
    AddressChange,
    Avatar,
    BackupCode,
    Device,
    OAuthConsent,
    OAuthApplication,
    SecurityEvent,
)


class CannotClose(DomainError):
    """A condition is not met yet; the page lists them all."""

    code = "account_cannot_be_closed"
    status = 409
    message = _("Something has to be settled before the account can be closed.")


@transaction.atomic
def close_account(*, user: User, actor: Actor, at: datetime) -> User:
    """Close the account for good: nobody signs in with it again (ACC-15).

    The person leaves all organizations; sessions, devices, factors, tokens, applications, addresses and
    the history go. The row itself stays without a name, because invitations and logs point to it.
    Publishes `user.account_closed` for the last mail.

    :raises CannotClose: a condition is not met, for example the last legal representative (ORG-9).
    """
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
    _forget(locked, at)
    publish("user.account_closed", organization_id=0, payload=farewell, at=at)
    return locked


def _forget(user: User, at: datetime) -> None:
    end_sessions(user=user)
    for factor in devices_for_user(user, confirmed=None):
        factor.delete()
    for model in FORGOTTEN:
        model.objects.filter(user=user).delete()
    IdentityCase.objects.filter(user=user).update(user=None)
    user.email = f"closed-{user.pk}@closed.invalid"
    user.first_name = user.last_name = user.phone = user.recovery_email = user.avatar_digest = ""
    user.muted_mails = []
    user.email_confirmed_at = None
    user.is_active = False
    user.closed_at = at
    user.set_unusable_password()
    user.save()
