"""A product is extended by a paid period; one that was suspended runs again."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from manager.kit.actor import Actor
from manager.kit.clock import add_months, day_in
from manager.kit.database.rows import update_row
from manager.kit.errors import DomainError
from products.inventory.models import Product
from products.inventory.services.steps import lock_product, move, tell
from products.inventory.status import LIVING, RENEWABLE, ProductStatus


class NotExtendable(DomainError):
    """The product is not paid for the first time yet, or its life has ended."""

    code = "product_not_extendable"
    message = _("This product cannot be renewed any more.")


class InRedemption(DomainError):
    """A domain in redemption is not renewed at its price: it is restored, which has a fee (PRD-11)."""

    code = "product_in_redemption"
    message = _("This domain is in redemption. Restore it from its page.")


class PeriodNotAhead(DomainError):
    """The new expiry is not after the present one."""

    code = "period_not_ahead"
    message = _("The product is already paid until this day.")


def next_period(*, product: Product, months: int) -> tuple[date, date]:
    """Return the days that a renewal by `months` pays: from the first unpaid day to the next unpaid one.

    The end is not part of the period. Periods keep to the day of the month on which the product began,
    so that 31 January, 28 February and 31 March follow each other.

    :raises NotExtendable: the product has no expiry yet, or its life has ended.
    """
    if product.status not in LIVING or product.expires_on is None:
        raise NotExtendable
    return product.expires_on, add_months(product.expires_on, months, anchor=product.anchor_day)


@transaction.atomic(savepoint=False)
def extend_product(*, product: Product, until: date, actor: Actor, at: datetime) -> Product:
    """Move the expiry to `until`, the first day that is not paid (PRD-8).

    A suspended product resumes if it is then paid beyond the present day.

    :raises InRedemption: it is a domain in redemption, which is restored first (PRD-11).
    :raises NotExtendable: it is pending, terminated or released.
    :raises PeriodNotAhead: `until` is not after the present expiry; nothing is extended twice (BIL-16).
    """
    product = lock_product(product)
    if product.status == ProductStatus.REDEMPTION:
        raise InRedemption
    if product.status not in RENEWABLE or product.expires_on is None:
        raise NotExtendable(status=str(product.status))
    if until <= product.expires_on:
        raise PeriodNotAhead(expires_on=product.expires_on.isoformat())
    before = product.expires_on
    product.expires_on = until
    fields = ["expires_on"]
    resumes = product.status == ProductStatus.SUSPENDED and until > day_in(product.organization.time_zone, at)
    if resumes:
        move(product, "resume")
        product.suspended_at = None
        product.told_of = ""
        fields += ["status", "suspended_at", "told_of"]
    update_row(product, fields)
    tell(
        product,
        "product.extended",
        actor=actor,
        at=at,
        expired_on=before.isoformat(),
        expires_on=until.isoformat(),
    )
    if resumes:
        tell(product, "product.resumed", actor=actor, at=at)
    return product
