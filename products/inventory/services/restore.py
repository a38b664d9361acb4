"""A product comes back: a domain from its redemption, any other within its days of cooling off."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from manager.kit.actor import Actor
from manager.kit.clock import day_in
from manager.kit.errors import DomainError
from products.inventory.models import Product
from products.inventory.services.extend import PeriodNotAhead
from products.inventory.services.steps import lock_product, move, tell
from products.inventory.services.suspend import suspend_product
from products.inventory.status import ProductStatus


class NotRestorable(DomainError):
    """The product runs, or the time in which it could be restored is over."""

    code = "product_not_restorable"
    message = _("This product cannot be restored any more.")


class RestoreUnpaid(DomainError):
    """A domain in redemption comes back with the payment of its restore fee, and not without."""

    code = "restore_unpaid"
    message = _("Restoring this domain has a fee. It comes back as soon as that is paid.")


@transaction.atomic
def restore_product(*, product: Product, actor: Actor, at: datetime, until: date | None = None) -> Product:
    """Let a product run again that has ended or is in redemption (PRD-9, PRD-11).

    A domain in redemption comes back by the payment of its fee and its renewal, paid up to `until`. A
    product that was terminated comes back as it was while its days of cooling off last; if it expired
    meanwhile, it is suspended until it is renewed.

    :raises NotRestorable: it runs, is pending or released, or its time is over.
    :raises RestoreUnpaid: it is in redemption and no `until` is paid.
    :raises PeriodNotAhead: `until` is not after the present expiry.
    """
    product = lock_product(product)
    if product.status == ProductStatus.REDEMPTION:
        return _redeem(product, until, actor, at)
    today = day_in(product.organization.time_zone, at)
    if not can_take_back(product, today=today, at=at):
        raise NotRestorable(status=str(product.status))
    _run_again(product, [], actor, at, was=ProductStatus.TERMINATED)
    if product.expires_on is not None and product.expires_on <= today:
        return suspend_product(product=product, actor=actor, at=at)
    return product


def can_take_back(product: Product, *, today: date, at: datetime) -> bool:
    """Return whether a terminated product can be restored now: in its cooling off, and not long unpaid."""
    ends_on = product.ends_on()
    return (
        product.status == ProductStatus.TERMINATED
        and product.restorable_until is not None
        and at < product.restorable_until
        and (ends_on is not None and today < ends_on)
    )


def _redeem(product: Product, until: date | None, actor: Actor, at: datetime) -> Product:
    if until is None:
        raise RestoreUnpaid
    if product.expires_on is None or until <= product.expires_on:
        raise PeriodNotAhead
    before, product.expires_on = product.expires_on, until
    _run_again(product, ["expires_on"], actor, at, was=ProductStatus.REDEMPTION)
    tell(
        product,
        "product.extended",
        actor=actor,
        at=at,
        expired_on=before.isoformat(),
        expires_on=until.isoformat(),
    )
    return product


def _run_again(product: Product, fields: list[str], actor: Actor, at: datetime, *, was: str) -> None:
    move(product, "restore")
    product.suspended_at = None
    product.ended_at = None
    product.restorable_until = None
    product.told_of = ""
    kept = ["status", "suspended_at", "ended_at", "restorable_until", "told_of"]
    product.save(update_fields=[*kept, *fields])
    tell(product, "product.restored", actor=actor, at=at, was=str(was))
