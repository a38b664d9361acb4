"""What happens next with a product, computed from its plan's rules: one answer for pages and mails."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from products.inventory.models import Product
from products.inventory.rules import CHARGE_DAYS, REMINDER_DAYS
from products.inventory.services.extend import next_period
from products.inventory.status import LIVING, ProductStatus


class StepKind(StrEnum):
    """What can happen to a product by itself."""

    REMINDER = "reminder"
    CHARGE = "charge"
    RETRY = "retry"
    RENEWAL = "renewal"
    SUSPENSION = "suspension"
    TERMINATION = "termination"
    REDEMPTION = "redemption"
    RELEASE = "release"


@dataclass(frozen=True, slots=True)
class Step:
    """Something that will happen on a day. `only_unpaid`: not if the product is paid before.

    `until` is the new expiry of a renewal.
    """

    kind: StepKind
    on: date
    only_unpaid: bool = False
    until: date | None = None


def timeline(product: Product, on: date) -> list[Step]:
    """Return what happens to the product from the day `on`, in order; nothing once its life has ended.

    Products that renew by themselves are charged, the others reminded of; both are suspended on the day
    of expiry if they are not paid by then, and ended after the days of grace (PRD-8, PRD-11).
    """
    if product.status not in LIVING or product.expires_on is None:
        return []
    steps = (
        [*_charges(product), *_end(product)] if product.auto_renew else [*_reminders(product), *_end(product)]
    )
    return [step for step in steps if step.on >= on]


def _days_before(product: Product, days: tuple[int, ...]) -> list[date]:
    if product.expires_on is None or product.status != ProductStatus.ACTIVE:
        return []
    return [product.expires_on - timedelta(days=count) for count in days]


def _reminders(product: Product) -> list[Step]:
    return [Step(StepKind.REMINDER, day, only_unpaid=True) for day in _days_before(product, REMINDER_DAYS)]


def _charges(product: Product) -> list[Step]:
    days = _days_before(product, CHARGE_DAYS)
    if not days:
        return []
    _, until = next_period(product=product, months=product.months)
    retries = [Step(StepKind.RETRY, day, only_unpaid=True) for day in days[1:]]
    return [Step(StepKind.CHARGE, days[0]), Step(StepKind.RENEWAL, days[0], until=until), *retries]


def _end(product: Product) -> list[Step]:
    expires_on, ends_on, released_on = product.expires_on, product.ends_on(), product.released_on()
    if expires_on is None or ends_on is None or released_on is None:
        return []
    steps = []
    if product.status == ProductStatus.ACTIVE:
        steps.append(Step(StepKind.SUSPENSION, expires_on, only_unpaid=True))
    if not product.plan.redemption_days:
        return [*steps, Step(StepKind.TERMINATION, ends_on, only_unpaid=True)]
    if product.status != ProductStatus.REDEMPTION:
        steps.append(Step(StepKind.REDEMPTION, ends_on, only_unpaid=True))
    return [*steps, Step(StepKind.RELEASE, released_on, only_unpaid=True)]
