"""Set what a plan or an option costs from a day on (PRD-1)."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from manager.kit.actor import Actor
from manager.kit.errors import DomainError
from manager.kit.fields import CURRENCIES, PERIOD_MONTHS
from products.catalog.differences import Difference
from products.catalog.entries import MAX_AMOUNT, PriceKey
from products.catalog.journal import Stamp
from products.catalog.models import Option, Plan, Purpose
from products.catalog.services.store import lock_catalog, store_differences
from products.catalog.snapshot import read_prices_of
from products.catalog.timeline import Timeline, paint, since


class PriceUnfit(DomainError):
    """Nothing is sold like this: an unknown currency, period or amount."""

    code = "price_unfit"
    status = 422
    message = _("There is no such price.")


class PriceInPast(DomainError):
    """A price of a day that is over cannot change: orders and invoices of that day name it."""

    code = "price_in_past"
    status = 422
    message = _("A price can change from today on, not before.")
    field = "valid_from"


class PriceAbsent(DomainError):
    """There is no price on these days that could end."""

    code = "price_absent"
    status = 422
    message = _("There is no price on these days.")
    field = "valid_from"


@transaction.atomic
def change_price(
    *,
    owner: Plan | Option,
    key: PriceKey,
    amount: int | None,
    valid_from: date,
    valid_until: date | None = None,
    today: date,
    actor: Actor,
    at: datetime,
) -> Timeline:
    """Set the price of a plan or an option to `amount` minor units from `valid_from` on; return its timeline.

    The old one ends the day before. With `valid_until` the old one comes back on the day after it;
    without, the new one holds until further notice, also in place of what was planned. With None for the
    amount it is not sold on these days. Orders, quotes and invoices keep the amount that they carry.

    :raises PriceUnfit: unknown currency, period, purpose or amount.
    :raises PriceInPast: `valid_from` is before `today`.
    :raises PriceAbsent: there is no price on these days that could end.
    """
    if amount is not None and not 0 <= amount <= MAX_AMOUNT:
        raise PriceUnfit(field="amount")
    days = _days(valid_from, valid_until, today)
    return _paint(owner, key, amount, days, Stamp(actor, at))


def _paint(
    owner: Plan | Option,
    key: PriceKey,
    amount: int | None,
    days: tuple[date, date | None],
    stamp: Stamp,
) -> Timeline:
    first, last = days
    _refuse_unfit(owner, key)
    lock_catalog()
    was = read_prices_of(owner).get(key, ())
    if amount is None and not since(was, first):
        raise PriceAbsent
    becomes = paint(was, amount, first, last)
    if becomes != was:
        at = _place_of(owner)
        store_differences([Difference(at.family, at.plan, at.option, was, becomes, key)], stamp)
    return becomes


def _days(first: date, last: date | None, today: date) -> tuple[date, date | None]:
    if first < today:
        raise PriceInPast
    if last is not None and last < first:
        raise PriceUnfit(_("The last day is before the first one."), field="valid_until")
    return first, last


def _refuse_unfit(owner: Plan | Option, key: PriceKey) -> None:
    if key.currency not in {code for code, _label in CURRENCIES}:
        raise PriceUnfit(field="currency")
    purposes = {Purpose.RENEW} if isinstance(owner, Option) else set(Purpose)
    if key.purpose not in purposes:
        raise PriceUnfit(field="purpose")
    if key.months not in ((0,) if key.purpose == Purpose.RESTORE else PERIOD_MONTHS):
        raise PriceUnfit(field="months")


def _place_of(owner: Plan | Option) -> Difference:
    if isinstance(owner, Option):
        option = Option.objects.select_related("plan__family").get(pk=owner.pk)
        return Difference(option.plan.family.slug, option.plan.slug, option.slug)
    plan = Plan.objects.select_related("family").get(pk=owner.pk)
    return Difference(plan.family.slug, plan.slug)
