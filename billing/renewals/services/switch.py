"""Switch automatic renewal on and off, and choose what it is paid with (BIL-10)."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from billing.invoices.models import Invoice
from billing.invoices.services import cancel_invoice
from billing.invoices.status import InvoiceStatus
from billing.payment_methods.models import PaymentMethod
from billing.payment_methods.selectors import default_method
from billing.payments.selectors import get_open_attempt
from billing.payments.services import cancel_attempt
from billing.payments.status import AttemptStatus
from billing.renewals.models import Renewal, RenewalPreference
from billing.renewals.rules import FIRST_CHARGE_DAYS
from billing.renewals.services.outcome import cancel_renewals
from billing.renewals.status import OPEN, RenewalStatus
from manager.kit.actor import Actor
from manager.kit.clock import day_in
from manager.kit.errors import DomainError, NotFound
from organizations.audit.services import record_audit
from products.inventory.models import Product
from products.inventory.services import set_auto_renew
from products.inventory.status import RENEWABLE


class AutoRenewRefused(DomainError):
    """The switch cannot be set now; the message says why."""

    code = "auto_renew_refused"


TOO_LATE = _("It expires in less than 14 days. Renew it first; automatic renewal then begins with the next period.")
NO_MEANS = _("Save a card, TWINT, PayPal or the prepaid account as a means of payment first.")
NOT_RUNNING = _("Only a running product can be renewed by itself.")


def refusal_of(*, product: Product, has_means: bool, at: datetime) -> object | None:
    """Return why automatic renewal cannot be switched on for `product`, or None if it can (BIL-10)."""
    if product.status not in RENEWABLE or product.expires_on is None:
        return NOT_RUNNING
    if not has_means:
        return NO_MEANS
    days_left = product.days_left(day_in(product.organization.time_zone, at))
    return TOO_LATE if days_left is not None and days_left < FIRST_CHARGE_DAYS else None


@transaction.atomic
def switch_on(*, product: Product, actor: Actor, at: datetime) -> Product:
    """Switch automatic renewal on; it is charged 14 days before expiry to the product's means, else the default.

    :raises AutoRenewRefused: not running, no means that can be charged, or under 14 days to expiry.
    """
    preferred = RenewalPreference.objects.filter(
        organization_id=product.organization_id, product=product, method__removed_at=None
    ).exclude(method=None)
    has_means = preferred.exists() or default_method(organization=product.organization) is not None
    reason = refusal_of(product=product, has_means=has_means, at=at)
    if reason is not None:
        raise AutoRenewRefused(reason)  # type: ignore[arg-type]  # a lazy text
    return set_auto_renew(product=product, on=True, actor=actor, at=at)


def switch_off(*, product: Product, actor: Actor, at: datetime) -> Product:
    """Switch automatic renewal off, at any time.

    What was planned and is not paid is taken back, so that nothing is charged for this product any more;
    the others of the same invoice are planned anew. Runs outside of a transaction: a payment that is
    under way is closed at the provider first, and if it turns out paid, the product is renewed once more.
    """
    product = set_auto_renew(product=product, on=False, actor=actor, at=at)
    planned = Renewal.objects.filter(
        organization_id=product.organization_id,
        product=product,
        status__in=OPEN,
        invoice__status=InvoiceStatus.DRAFT,
    ).select_related("invoice")
    for renewal in planned:
        _take_back(renewal.invoice, actor, at)
    return product


def _take_back(invoice: Invoice, actor: Actor, at: datetime) -> None:
    attempt = get_open_attempt(invoice=invoice)
    if attempt and cancel_attempt(attempt=attempt, actor=actor, at=at).status == AttemptStatus.SUCCEEDED:
        return
    with transaction.atomic():
        cancel_invoice(invoice=invoice, actor=actor, at=at)
        cancel_renewals(invoice=invoice, at=at)


@transaction.atomic
def prefer_method(*, product: Product, method: PaymentMethod | None, actor: Actor, at: datetime) -> None:
    """Fix the means that `product` renews with; None goes back to the organization's default.

    Renewals that wait after a refusal are tried again with it, today.

    :raises NotFound: the means belongs to another organization or was removed.
    """
    if method is not None and (method.organization_id != product.organization_id or method.removed_at):
        raise NotFound
    RenewalPreference.objects.update_or_create(
        organization_id=product.organization_id, product=product, defaults={"method": method}
    )
    waiting = Renewal.objects.filter(
        organization_id=product.organization_id, product=product, status=RenewalStatus.FAILED
    )
    chosen = method or default_method(organization=product.organization)
    if chosen is not None:
        today = day_in(product.organization.time_zone, at)
        waiting.update(method=chosen, next_attempt_on=today if product.auto_renew else None)
    record_audit(
        organization_id=product.organization_id,
        name="product.payment_method_chosen",
        actor=actor,
        at=at,
        subject=product,
        method=method.pk if method else None,
    )
