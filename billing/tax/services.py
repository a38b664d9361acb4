"""Staff keep rates and schemes: a new one from a day on, one that has not begun taken back (BIL-6)."""

from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from billing.profiles.models import LegalEntity
from billing.tax.models import SellerScheme, TaxChange, TaxRate
from manager.kit.actor import Actor
from manager.kit.errors import DomainError, NotFound

SYSTEM = "system"
"""The connection of the operator: customers' processes only read rates."""
ONE_DAY = timedelta(days=1)


class PlaceUnknown(DomainError):
    """No rate of this place is known yet; which law applies where is not a matter of a rate."""

    code = "tax_place_unknown"
    status = 422
    field = "country"
    message = _("Choose a country or region that has a rate.")


class BeginsTooSoon(DomainError):
    """What was sold before keeps its rate, so a new one begins later."""

    code = "tax_begins_too_soon"
    status = 422
    field = "valid_from"
    message = _("Choose a day after today, and after the day on which the newest one begins.")


class HasBegun(DomainError):
    """It has been charged already."""

    code = "tax_has_begun"
    message = _("This is in force already and stays in the history. Add a new one from a day on instead.")


def add_rate(
    *, country: str, rate: int, valid_from: date, today: date, actor: Actor, at: datetime
) -> TaxRate:
    """Let `country` (or region) have the `rate`, in basis points, from `valid_from` on; the one before ends.

    Invoices that have a number keep theirs; what is not paid yet has the new one when it is paid.

    :raises PlaceUnknown: there is no rate to follow.
    :raises BeginsTooSoon: the day is not in the future, or not after the newest rate's.
    """
    with transaction.atomic(using=SYSTEM):
        rates = TaxRate.objects.using(SYSTEM).select_for_update().filter(country=country)
        latest = rates.order_by("-valid_from").first()
        if latest is None:
            raise PlaceUnknown
        if valid_from <= max(today, latest.valid_from):
            raise BeginsTooSoon
        before = _rate_state(latest)
        latest.valid_until = valid_from - ONE_DAY
        latest.save(using=SYSTEM, update_fields=["valid_until"])
        row = TaxRate.objects.using(SYSTEM).create(country=country, rate=rate, valid_from=valid_from)
        _note(rate_subject(country), before, _rate_state(row), actor, at)
        return row


def take_back_rate(*, rate_id: int, today: date, actor: Actor, at: datetime) -> str:
    """Remove a rate that has not begun; the one before goes on. Return its country.

    :raises NotFound: there is none of that id.
    :raises HasBegun: it is in force, or was.
    """
    with transaction.atomic(using=SYSTEM):
        row = TaxRate.objects.using(SYSTEM).select_for_update().filter(pk=rate_id).first()
        if row is None:
            raise NotFound
        if row.valid_from <= today:
            raise HasBegun
        earlier = TaxRate.objects.using(SYSTEM).select_for_update().filter(country=row.country)
        former = earlier.filter(valid_until=row.valid_from - ONE_DAY).first()
        before, until = _rate_state(row), row.valid_until
        row.delete(using=SYSTEM)
        if former is not None:
            former.valid_until = until
            former.save(using=SYSTEM, update_fields=["valid_until"])
        _note(rate_subject(row.country), before, None, actor, at)
        return row.country


def set_scheme(
    *, seller: LegalEntity, scheme: str, number: str, valid_from: date, actor: Actor, at: datetime
) -> SellerScheme:
    """Put `seller` under `scheme`, registered as `number`, from `valid_from` on; the one before ends.

    The day may lie in the past, as a registration does: what has a number stays as it is.

    :raises BeginsTooSoon: not after the newest one's day.
    """
    with transaction.atomic(using=SYSTEM):
        LegalEntity.objects.using(SYSTEM).select_for_update().get(pk=seller.pk)
        rows = SellerScheme.objects.using(SYSTEM).filter(legal_entity_id=seller.pk)
        latest = rows.order_by("-valid_from").first()
        before = None
        if latest is not None:
            if valid_from <= latest.valid_from:
                raise BeginsTooSoon(_("Choose a day after the one on which the newest one begins."))
            before = _scheme_state(latest)
            latest.valid_until = valid_from - ONE_DAY
            latest.save(using=SYSTEM, update_fields=["valid_until"])
        row = rows.create(legal_entity_id=seller.pk, scheme=scheme, number=number, valid_from=valid_from)
        _note(scheme_subject(seller), before, _scheme_state(row), actor, at)
        return row


def rate_subject(country: str) -> str:
    """Return how the history names the rates of `country`."""
    return f"rate:{country}"


def scheme_subject(seller: LegalEntity) -> str:
    """Return how the history names the schemes of `seller`."""
    return f"scheme:{seller.code}"[:40]


def _rate_state(row: TaxRate) -> dict[str, Any]:
    return {"rate": row.rate, "from": row.valid_from.isoformat()}


def _scheme_state(row: SellerScheme) -> dict[str, Any]:
    return {"scheme": row.scheme, "number": row.number, "from": row.valid_from.isoformat()}


def _note(
    subject: str, before: dict[str, Any] | None, after: dict[str, Any] | None, actor: Actor, at: datetime
) -> None:
    TaxChange.objects.using(SYSTEM).create(
        subject=subject,
        before=before,
        after=after,
        actor_id=actor.user_id,
        actor_name=actor.name[:200],
        at=at,
    )
