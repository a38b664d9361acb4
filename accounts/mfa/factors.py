"""All kinds of second factors in one registry: pages and the sign-in ask it, never a kind by name (ACC-8).

A kind is registered in `AppConfig.ready()`. Its devices are models of django-otp (`Device`, with
`confirmed` true once they count), so that a session knows by which one it was opened. Its room has:

- a page to add one, which ends with `finish_adding_factor` (`accounts.mfa.services`) in the transaction
  that stores the device, and answers with `answer_added` (`accounts.mfa.pages`);
- a page for the second step, which serves the sign-in and the fresh proof before sensitive acts alike:
  `find_step` tells who is asked, `finish_step` lets the person through (`accounts.mfa.steps`).
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.functional import Promise
from django_otp import devices_for_user
from django_otp.models import Device

from accounts.users.models import User
from accounts.users.selectors import has_second_factor

__all__ = [
    "AddedFactor",
    "FactorKind",
    "factor_kinds",
    "find_any_factor",
    "find_factor_kind",
    "has_second_factor",
    "list_added_factors",
    "register_factor_kind",
]


@dataclass(frozen=True, slots=True)
class AddedFactor:
    """One factor that is on. `kind` is the kind's slug, `id` the device's."""

    kind: str
    id: int
    name: str
    added_at: datetime | None
    last_used_at: datetime | None
    remove_url: str
    rename_url: str
    hint: str


def _hint_of(device: Any) -> str:
    return str(getattr(device, "hint", ""))


@dataclass(frozen=True, slots=True)
class FactorKind:
    """A kind of second factor.

    `model` is the kind's device. `add_route` is where one is added (GET); `step_route` is the page of its
    second step, which gets the device's id as `?factor=`. `hint_of` tells devices of one name apart.
    `is_available` tells whether this installation can have the kind at all; what was added before stays.
    """

    slug: str
    label: str | Promise
    description: str | Promise
    icon: str
    order: int
    model: type[Any]
    add_route: str
    step_route: str
    hint_of: Callable[[Any], str] = _hint_of
    is_available: Callable[[], bool] = field(default=lambda: True)

    def list_added(self, user: User) -> list[AddedFactor]:
        """Return the person's factors of this kind."""
        return [self._describe(device) for device in self._confirmed(user).order_by("pk")]

    def find_device(self, user: User, *, factor_id: int, lock: bool = False) -> Any:
        """Return one of the person's devices of this kind, or None."""
        devices = self._confirmed(user).filter(pk=factor_id)
        return (devices.select_for_update() if lock else devices).first()

    def _confirmed(self, user: User) -> QuerySet[Any]:
        devices: QuerySet[Any] = self.model.objects.filter(user=user, confirmed=True)
        return devices

    def _describe(self, device: Any) -> AddedFactor:
        return AddedFactor(
            kind=self.slug,
            id=device.pk,
            name=device.name,
            added_at=device.created_at,
            last_used_at=device.last_used_at,
            remove_url=reverse("accounts:factor_remove", args=[self.slug, device.pk]),
            rename_url=reverse("accounts:factor_rename", args=[self.slug, device.pk]),
            hint=self.hint_of(device),
        )


_kinds: dict[str, FactorKind] = {}


def register_factor_kind(kind: FactorKind) -> None:
    """Make a kind known; called once for each in `AppConfig.ready()`."""
    _kinds[kind.slug] = kind


def factor_kinds() -> list[FactorKind]:
    """Return all kinds in the order in which they are offered."""
    return sorted(_kinds.values(), key=lambda kind: kind.order)


def find_factor_kind(slug: str) -> FactorKind | None:
    """Return the kind called `slug`, or None."""
    return _kinds.get(slug)


def list_added_factors(user: User) -> list[AddedFactor]:
    """Return the person's factors, most recently used first; adding one counts as using it."""
    added = [factor for kind in factor_kinds() for factor in kind.list_added(user)]

    return sorted(added, key=_recency, reverse=True)


def _recency(factor: AddedFactor) -> float:
    moments = (factor.last_used_at, factor.added_at)
    return max((moment.timestamp() for moment in moments if moment), default=0.0)


def find_any_factor(user: User) -> Device | None:
    """Return one of the person's factors, for a session opened by a backup code; or None."""
    return next(iter(devices_for_user(user, confirmed=True)), None)
