"""Questions about recovery."""

from datetime import datetime

from django.db.models import QuerySet

from accounts.recovery.models import AddressChange, AddressKind
from accounts.recovery.secrets import Purpose, find_change_by_key
from accounts.users.models import User


def find_open_change(user: User, kind: AddressKind, *, at: datetime) -> AddressChange | None:
    """Return the change that waits for its confirmation and can still have it, or None."""
    return open_changes(user, kind).filter(expires_at__gt=at).first()


def find_confirmable(key: str, kind: AddressKind, *, user: User, at: datetime) -> AddressChange | None:
    """Return the person's own change that this link confirms now, or None (ACC-4, ACC-6)."""
    change = find_change_by_key(key, Purpose.CONFIRM)
    return change if change is not None and is_confirmable(change, kind, user=user, at=at) else None


def is_confirmable(change: AddressChange, kind: AddressKind, *, user: User, at: datetime) -> bool:
    """Return whether the change is the person's, of this kind, open, and young enough."""
    is_open = change.confirmed_at is None and change.cancelled_at is None
    return change.user_id == user.pk and change.kind == kind and is_open and at < change.expires_at


def open_changes(user: User, kind: AddressKind) -> QuerySet[AddressChange]:
    """Return the person's changes of this kind that nobody confirmed or gave up, also too old ones."""
    return AddressChange.objects.filter(user=user, kind=kind, confirmed_at=None, cancelled_at=None)


def find_waiting_change(change_id: int) -> AddressChange | None:
    """Return the change with its person while nobody confirmed it or gave it up."""
    waiting = AddressChange.objects.filter(confirmed_at=None, cancelled_at=None, user__is_active=True)
    return waiting.select_related("user").filter(pk=change_id).first()


def list_people_by_phone(*, phone: str, recovery_email: str = "") -> list[User]:
    """Return who has this number (E.164) and, where it is given, this recovery address; two at most."""
    people = User.objects.filter(phone=phone, is_active=True)
    if recovery_email:
        people = people.filter(recovery_email=recovery_email)
    return list(people.order_by("pk")[:2])
