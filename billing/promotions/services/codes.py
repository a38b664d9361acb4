"""Staff add, change and close codes; each act is kept in the history (BIL-13)."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from billing.promotions.models import PromoCode, PromoCodeChange
from billing.promotions.selectors import normalize
from manager.kit.actor import Actor
from manager.kit.errors import DomainError

CHANGEABLE = (
    "note",
    "kind",
    "percent",
    "amount",
    "currency",
    "plans",
    "families",
    "months",
    "minimum_amount",
    "first_order_only",
    "limit_total",
    "limit_per_organization",
    "only_organization",
    "valid_from",
    "valid_until",
)


class CodeTaken(DomainError):
    """There is such a code already, perhaps a closed one."""

    code = "promo_code_taken"
    status = 422
    field = "code"
    message = _("There is a code of this name already.")


class LimitBelowUses(DomainError):
    """It is used more often already."""

    code = "promo_code_limit"
    status = 422
    field = "limit_total"
    message = _("This code is used more often already.")


class CodeClosed(DomainError):
    """A closed code stays as it is."""

    code = "promo_code_closed"
    message = _("This code is closed.")


@transaction.atomic
def add_code(*, code: str, values: Mapping[str, Any], actor: Actor, at: datetime) -> PromoCode:
    """Add a code; `values` are those of CHANGEABLE, amounts in minor units, `percent` in basis points.

    :raises CodeTaken: there is one of that name.
    """
    row = PromoCode(code=normalize(code), created_at=at, **_known(values))
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:
        if PromoCode.objects.filter(code=row.code).exists():
            raise CodeTaken from error
        raise
    _note(row, "added", before=None, after=_state(row), actor=actor, at=at)
    return row


@transaction.atomic
def change_code(*, code: PromoCode, values: Mapping[str, Any], actor: Actor, at: datetime) -> PromoCode:
    """Change a code's terms for orders to come; what was ordered stays as it is.

    :raises CodeClosed: it is closed.
    :raises LimitBelowUses: the new limit is below what is used.
    """
    row = PromoCode.objects.select_for_update(no_key=True).get(pk=code.pk)
    if row.closed_at is not None:
        raise CodeClosed
    before = _state(row)
    for name, value in _known(values).items():
        setattr(row, name, value)
    if row.limit_total is not None and row.limit_total < row.used:
        raise LimitBelowUses
    row.save(update_fields=list(CHANGEABLE))
    after = _state(row)
    changed = [name for name in CHANGEABLE if before[name] != after[name]]
    if changed:
        _note(
            row,
            "changed",
            before={name: before[name] for name in changed},
            after={name: after[name] for name in changed},
            actor=actor,
            at=at,
        )
    return row


@transaction.atomic
def close_code(*, code: PromoCode, actor: Actor, at: datetime) -> PromoCode:
    """End a code for good; orders that use it keep their discount.

    :raises CodeClosed: it is closed already.
    """
    row = PromoCode.objects.select_for_update(no_key=True).get(pk=code.pk)
    if row.closed_at is not None:
        raise CodeClosed
    row.closed_at = at
    row.save(update_fields=["closed_at"])
    _note(row, "closed", before=None, after=None, actor=actor, at=at)
    return row


def _known(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: values[name] for name in CHANGEABLE if name in values}


def _state(row: PromoCode) -> dict[str, Any]:
    found = {name: getattr(row, name) for name in CHANGEABLE}
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in found.items()}


def _note(row: PromoCode, what: str, *, before: Any, after: Any, actor: Actor, at: datetime) -> None:
    PromoCodeChange.objects.create(
        code=row,
        what=what,
        before=before,
        after=after,
        actor_id=actor.user_id,
        actor_name=actor.name[:200],
        at=at,
    )
