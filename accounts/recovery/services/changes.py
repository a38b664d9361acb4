"""What changes of login and recovery address share: one wish at a time, sent again, given up."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.recovery.models import AddressChange, AddressKind
from accounts.recovery.secrets import Purpose, find_change_by_key
from accounts.recovery.selectors import is_confirmable, open_changes
from accounts.users.addresses import normalize_email
from accounts.users.history import publish_security_event
from accounts.users.models import User
from accounts.users.services import LinkNotValid
from manager.kit.actor import Actor
from manager.kit.errors import DomainError

CONFIRMATION_LIFE = timedelta(hours=24)


class AddressUnchanged(DomainError):
    """The wanted address is the present one."""

    code = "address_unchanged"
    status = 422
    field = "address"
    message = _("This is the present address.")


class SameAsOther(DomainError):
    """Login and recovery address would be one: whoever loses the one loses both (ACC-4)."""

    code = "same_as_other"
    status = 422
    field = "address"
    message = _("Login and recovery address must differ: otherwise you lose both at once.")


class NoChangeWaits(DomainError):
    """There is nothing to confirm, to send again or to give up (any more)."""

    code = "no_change_waits"
    message = _("No change waits for its confirmation.")


@transaction.atomic
def open_change(*, user: User, kind: AddressKind, address: str, actor: Actor, at: datetime) -> AddressChange:
    """Note the wish for another address, in place of an earlier one, and have its link mailed there.

    Until the link is opened nothing changes (ACC-4, ACC-6, INC-10). Nobody is looked up by the wanted
    address, so that the answer and its time are the same whether it is somebody's (INC-8).

    :raises AddressUnchanged: see there.
    :raises SameAsOther: see there.
    """
    address = normalize_email(address)
    locked = User.objects.select_for_update().get(pk=user.pk)
    present, other = locked.email, locked.recovery_email
    if kind == AddressKind.RECOVERY:
        present, other = other, present
    if address == present:
        raise AddressUnchanged
    if address == other:
        raise SameAsOther
    open_changes(locked, kind).update(cancelled_at=at)
    change = AddressChange.objects.create(
        user=locked,
        kind=kind,
        address=address,
        old_address=present,
        created_at=at,
        expires_at=at + CONFIRMATION_LIFE,
    )
    _publish(change, "requested", user=locked, actor=actor, at=at)
    return change


def take_confirmed(*, key: str, kind: AddressKind, user: User, at: datetime) -> AddressChange:
    """Mark the change that this link confirms, and return it; part of the verb that sets the address.

    Only the person signed in as the asker confirms: an address mistyped into a stranger's mailbox gives
    the account to nobody. The caller holds the lock of the person.

    :raises LinkNotValid: wrong, too old, used, given up, or somebody else's.
    """
    change = find_change_by_key(key, Purpose.CONFIRM, lock=True)
    if change is None or not is_confirmable(change, kind, user=user, at=at):
        raise LinkNotValid
    change.confirmed_at = at
    change.save(update_fields=["confirmed_at"])
    return change


@transaction.atomic
def resend_change(*, user: User, kind: AddressKind, actor: Actor, at: datetime) -> AddressChange:
    """Mail the link again: a new one, good for another 24 hours; the earlier one ends.

    :raises NoChangeWaits: see there.
    """
    change = open_changes(user, kind).select_for_update().first()
    if change is None:
        raise NoChangeWaits
    change.sendings += 1
    change.expires_at = at + CONFIRMATION_LIFE
    change.save(update_fields=["sendings", "expires_at"])
    _publish(change, "resent", user=user, actor=actor, at=at)
    return change


@transaction.atomic
def cancel_change(*, user: User, kind: AddressKind, actor: Actor, at: datetime) -> AddressChange:
    """Give up the wish; its link ends.

    :raises NoChangeWaits: see there.
    """
    change = open_changes(user, kind).select_for_update().first()
    if change is None:
        raise NoChangeWaits
    return _cancel(change, user=user, actor=actor, at=at)


@transaction.atomic
def cancel_change_by_key(*, key: str, actor: Actor, at: datetime) -> AddressChange:
    """Stop a wish by the link in the mail to the present address; whoever reads that may.

    :raises LinkNotValid: wrong, or the change was confirmed or stopped already.
    """
    change = find_change_by_key(key, Purpose.CANCEL, lock=True)
    if change is None or change.confirmed_at is not None or change.cancelled_at is not None:
        raise LinkNotValid
    return _cancel(change, user=change.user, actor=actor, at=at)


def _cancel(change: AddressChange, *, user: User, actor: Actor, at: datetime) -> AddressChange:
    change.cancelled_at = at
    change.save(update_fields=["cancelled_at"])
    _publish(change, "cancelled", user=user, actor=actor, at=at)
    return change


def _publish(change: AddressChange, what: str, *, user: User, actor: Actor, at: datetime) -> None:
    """Publish `user.login_change_requested` and its like."""
    noun = "login" if change.kind == AddressKind.LOGIN else "recovery_email"
    name = f"user.{noun}_change_{what}"
    details = {"address": change.address}
    publish_security_event(name, user=user, actor=actor, at=at, details=details, change=change.pk)
