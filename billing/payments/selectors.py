"""Read attempts to pay, and count what is to be paid."""

from datetime import date

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from billing.gateway.declines import message_for
from billing.gateway.vocabulary import FailureKind
from billing.invoices.models import Invoice, InvoiceLine
from billing.invoices.selectors import count_payable
from billing.invoices.status import PAYABLE, InvoiceStatus
from billing.payments.models import AnnouncedTransfer, PaymentAttempt
from billing.payments.status import OPEN, AttemptStatus
from manager.kit.clock import add_months
from manager.kit.errors import NotFound
from manager.kit.prepared import Prepared
from organizations.profile.models import Organization
from products.inventory.models import Product
from products.inventory.status import RENEWABLE

MONTHS_AHEAD = 2
"""How far *To pay* looks unless told otherwise (BIL-2)."""

OWN_REASONS: dict[str, Promise] = {
    "insufficient_balance": _("The balance of the prepaid account is not enough."),
}


def get_attempt(*, organization: Organization, attempt_id: int) -> PaymentAttempt:
    """Return one attempt with its invoice and means.

    :raises NotFound: the organization has none of that id.
    """
    attempt = (
        PaymentAttempt.objects.select_related("invoice", "method", "organization")
        .filter(organization_id=organization.pk, pk=attempt_id)
        .first()
    )
    if attempt is None:
        raise NotFound
    return attempt


def get_open_attempt(*, invoice: Invoice) -> PaymentAttempt | None:
    """Return the one attempt of the invoice that is open, if there is one."""
    return (
        PaymentAttempt.objects.select_related("method", "organization")
        .filter(organization_id=invoice.organization_id, invoice_id=invoice.pk, status__in=OPEN)
        .first()
    )


def list_attempts(*, invoice: Invoice) -> list[PaymentAttempt]:
    """Return all attempts to pay the invoice, oldest first."""
    return _OF_INVOICE.fetch(organization_id=invoice.organization_id, invoice_id=invoice.pk)


def _build_of_invoice(*, organization_id: int, invoice_id: int) -> QuerySet[PaymentAttempt]:
    found = PaymentAttempt.objects.filter(organization_id=organization_id, invoice_id=invoice_id)
    return found.order_by("sequence")


_OF_INVOICE: Prepared[PaymentAttempt] = Prepared(_build_of_invoice, planned_once=True)


def list_refused_before(*, invoice: Invoice) -> list[PaymentAttempt]:
    """Return what was refused for good on drafts of the same renewals that were taken back (BIL-9)."""
    mine = InvoiceLine.objects.filter(organization_id=invoice.organization_id, invoice=invoice)
    others = InvoiceLine.objects.filter(
        organization_id=invoice.organization_id,
        invoice=OuterRef("invoice"),
        product__in=mine.values("product"),
    )
    return list(
        PaymentAttempt.objects.filter(
            Exists(others),
            organization_id=invoice.organization_id,
            status=AttemptStatus.FAILED,
            decline_kind=FailureKind.HARD,
            invoice__status=InvoiceStatus.CANCELLED,
            invoice__origin=invoice.origin,
            invoice__due_on=invoice.due_on,
        ).order_by("pk")
    )


def get_announced_transfer(*, invoice: Invoice) -> AnnouncedTransfer | None:
    """Return the transfer that is expected for the invoice, if one was announced and not withdrawn."""
    return _ANNOUNCED.first(organization_id=invoice.organization_id, invoice_id=invoice.pk)


def _build_announced(*, organization_id: int, invoice_id: int) -> QuerySet[AnnouncedTransfer]:
    # One at most is not withdrawn, by constraint.
    return AnnouncedTransfer.objects.filter(
        organization_id=organization_id, invoice_id=invoice_id, withdrawn_at=None
    )


_ANNOUNCED: Prepared[AnnouncedTransfer] = Prepared(_build_announced, planned_once=True)


def explain_decline(attempt: PaymentAttempt) -> Promise:
    """Return why an attempt was refused, in words for the person."""
    return OWN_REASONS.get(attempt.decline_message) or message_for(attempt.decline_message)


def list_due_products(*, organization: Organization, until: date | None) -> QuerySet[Product]:
    """Return products that can be renewed and expire up to `until` (all when None), first the next (BIL-2).

    A product whose next days are on an invoice that waits for its payment is not among them: that invoice
    is.
    """
    billed = InvoiceLine.objects.filter(
        organization_id=organization.pk,
        product_id=OuterRef("pk"),
        covers__isnull=False,
        invoice__status__in=PAYABLE,
    )
    products = Product.objects.filter(organization_id=organization.pk, status__in=RENEWABLE).filter(
        ~Exists(billed)
    )
    if until is not None:
        products = products.filter(expires_on__lte=until)
    return products.select_related("plan").order_by("expires_on", "id")


def count_to_pay(*, organization: Organization, today: date) -> int:
    """Return how many invoices wait for their payment and how many products expire in the next two months."""
    due = list_due_products(organization=organization, until=add_months(today, MONTHS_AHEAD))
    return count_payable(organization=organization) + due.order_by().count()
