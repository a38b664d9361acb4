"""What happens next with a product: one answer, from which pages, mails and the periodic work all read."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from manager.kit.money import Money
from products.inventory.models import Product
from products.inventory.outlook import Outlook
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
    WARRANTY = "warranty"
    TERMINATION = "termination"
    REDEMPTION = "redemption"
    RELEASE = "release"


@dataclass(frozen=True, slots=True)
class Step:
    """Something that will happen on a day. `only_unpaid`: not if the product is paid before.

    `until` is the new expiry of a renewal. `money` is what the step costs, without VAT: of a charge the
    period, of a redemption what a restore then costs, of the release that ends it what one costs until then.
    """

    kind: StepKind
    on: date
    only_unpaid: bool = False
    until: date | None = None
    money: Money | None = None


def timeline(product: Product, on: date, outlook: Outlook | None = None) -> list[Step]:
    """Return what happens to the product from the day `on`, in order; nothing once its life has ended.

    Products that renew by themselves are charged, the others, and those whose charge cannot succeed,
    reminded of. All are suspended on the day of expiry if they are not paid by then, and ended after the
    days of grace (PRD-8, PRD-11). Without an `outlook` the switch for automatic renewal decides alone.
    """
    if product.status not in LIVING or product.expires_on is None:
        return []
    outlook = outlook or Outlook(is_charged=product.auto_renew)
    if outlook.is_settled:
        before: list[Step] = []
    else:
        before = _charges(product, outlook) if outlook.is_charged else _reminders(product)
    steps = [*before, *_end(product, outlook)]
    return sorted((step for step in steps if step.on >= on), key=lambda step: step.on)


def due_step(product: Product, today: date) -> Step | None:
    """Return the step of its end that the unpaid product has to take on the day `today`, or None.

    It is the first of the timeline that has come: a product is suspended before it is ended, however late
    somebody looks.
    """
    if product.status not in LIVING or product.expires_on is None:
        return None
    return next((step for step in _end(product, Outlook()) if step.on <= today), None)


def _days_before(product: Product, days: tuple[int, ...]) -> list[date]:
    if product.expires_on is None or product.status != ProductStatus.ACTIVE:
        return []
    return [product.expires_on - timedelta(days=count) for count in days]


def _reminders(product: Product) -> list[Step]:
    return [Step(StepKind.REMINDER, day, only_unpaid=True) for day in _days_before(product, REMINDER_DAYS)]


def _charges(product: Product, outlook: Outlook) -> list[Step]:
    """Return the charges by itself; a suspended product has one where its means is another one now."""
    days, begins = _days_before(product, CHARGE_DAYS), outlook.charges_from
    if begins is not None and (not days or begins > days[0]):
        # A charge was refused, could not be made in time, or was planned after its day.
        days = [begins, *(day for day in days if day > begins)]
    if not days:
        return []
    _, until = next_period(product=product, months=product.months)
    first, *others = days
    return [
        Step(StepKind.CHARGE, first, money=outlook.renewal_price),
        Step(StepKind.RENEWAL, first, until=until),
        *(Step(StepKind.RETRY, day, only_unpaid=True) for day in others),
    ]


def _end(product: Product, outlook: Outlook) -> list[Step]:
    expires_on, ends_on, released_on = product.expires_on, product.ends_on(), product.released_on()
    if expires_on is None or ends_on is None or released_on is None:
        return []
    steps = []
    if product.status == ProductStatus.ACTIVE:
        steps.append(Step(StepKind.SUSPENSION, expires_on, only_unpaid=True))
    if outlook.renewed_on is not None and product.status != ProductStatus.REDEMPTION:
        steps.append(
            Step(StepKind.WARRANTY, outlook.renewed_on, only_unpaid=True, money=outlook.renewal_price)
        )
        return steps
    if not product.plan.redemption_days:
        return [*steps, Step(StepKind.TERMINATION, ends_on, only_unpaid=True)]
    if product.status != ProductStatus.REDEMPTION:
        steps.append(Step(StepKind.REDEMPTION, ends_on, only_unpaid=True, money=outlook.restore_price))
    price = outlook.restore_price if product.status == ProductStatus.REDEMPTION else None
    return [*steps, Step(StepKind.RELEASE, released_on, only_unpaid=True, money=price)]
