"""Switch automatic renewal on and off, and choose what it is paid with (BIL-10)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from billing.invoices.status import InvoiceStatus
from billing.payment_methods.selectors import default_method
from billing.renewals.models import Renewal, RenewalPreference
from billing.renewals.rules import refusal_of
from billing.renewals.services.take_back import take_back
from billing.renewals.status import OPEN, RenewalStatus
from manager.kit.actor import Actor
from manager.kit.clock import day_in
from manager.kit.errors import DomainError, Text
from organizations.profile.models import Organization
from products.inventory.models import Product
from products.inventory.rules import EXPIRED, TOO_LATE
from products.inventory.services import set_auto_renew


class AutoRenewRefused(DomainError):
    """The switch cannot be set now; the message says why."""

    code = "auto_renew_refused"


@transaction.atomic
def switch_on(*, product: Product, actor: Actor, at: datetime) -> Product:
    """Switch automatic renewal on: charged 14 days before expiry to the product's means, else the default.

    :raises AutoRenewRefused: not running, no means that can be charged, or under 14 days to expiry.
    """
    preferred = RenewalPreference.objects.filter(
        organization_id=product.organization_id, product=product, method__removed_at=None
    ).exclude(method=None)
    has_means = preferred.exists() or default_method(organization=product.organization) is not None
    reason = refusal_of(product=product, has_means=has_means, at=at)
    if reason is not None:
        raise AutoRenewRefused(reason)
    return set_auto_renew(product=product, on=True, actor=actor, at=at)


def switch_off(*, product: Product, actor: Actor, at: datetime) -> Product:
    """Switch automatic renewal off, at any time.

    What was planned and is not paid is taken back, so that nothing is charged for this product any more;
    the others of the same invoice are planned anew. Runs outside of a transaction: a payment that is
    under way is closed at the provider first, and if it turns out paid, the product is renewed once more.

    :raises PaymentInProgress: the provider carries out a charge at this moment; the switch is off already.
    """
    product = set_auto_renew(product=product, on=False, actor=actor, at=at)
    for renewal in _open_renewals(product).filter(invoice__status=InvoiceStatus.DRAFT):
        take_back(invoice=renewal.invoice, actor=actor, at=at)
    return product


@dataclass(frozen=True, slots=True)
class Switched:
    """What came of the switch of one product; `refusal` says why it was not set, empty where it was."""

    product: Product
    refusal: Text = ""

    @property
    def can_renew_first(self) -> bool:
        """Whether it was refused for its date alone: once renewed it can be switched on (BIL-10)."""
        return self.refusal in {TOO_LATE, EXPIRED}


def switch_many(*, products: Sequence[Product], on: bool, actor: Actor, at: datetime) -> list[Switched]:
    """Switch automatic renewal of each of these on or off; one that is refused does not stop the others.

    Runs outside of a transaction, as `switch_off` does.
    """
    return [_switch(product, on, actor, at) for product in products]


def _switch(product: Product, on: bool, actor: Actor, at: datetime) -> Switched:
    verb = switch_on if on else switch_off
    try:
        return Switched(verb(product=product, actor=actor, at=at))
    except DomainError as error:
        product.refresh_from_db(fields=["auto_renew"])
        return Switched(product, error.message or str(error))


def _open_renewals(product: Product) -> QuerySet[Renewal]:
    return Renewal.objects.filter(
        organization_id=product.organization_id, product=product, status__in=OPEN
    ).select_related("invoice__organization")


@transaction.atomic
def try_default_again(*, organization: Organization, at: datetime) -> int:
    """Try what waits for another means again, today, with the organization's default; return how many.

    A product with a saved means of its own keeps to that one.
    """
    method = default_method(organization=organization)
    if method is None:
        return 0
    own = RenewalPreference.objects.filter(
        organization_id=organization.pk, method__isnull=False, method__removed_at=None
    )
    waiting = Renewal.objects.filter(
        organization_id=organization.pk, status=RenewalStatus.FAILED, next_attempt_on=None
    )
    waiting = waiting.exclude(method=method).exclude(product__in=own.values("product_id"))
    return waiting.filter(product__auto_renew=True).update(
        method=method, next_attempt_on=day_in(organization.time_zone, at), lease_until=None
    )
