"""Renew a domain at the operator's risk: it runs on, and its owner has the invoice to pay (PRD-12)."""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from billing.invoices.lines import renewal_lines
from billing.invoices.models import Invoice, InvoiceLine
from billing.invoices.services import draft_invoice, finalize_invoice
from billing.invoices.status import InvoiceStatus
from billing.ledger.services import lock_accounts
from billing.profiles.selectors import common_address
from billing.restores.services.withdraw import withdraw_draft
from manager.kit.actor import Actor
from manager.kit.clock import day_in
from manager.kit.errors import DomainError
from products.catalog.price_book import read_price_book
from products.inventory.models import Product
from products.inventory.selectors import find_options
from products.inventory.services import extend_product, next_period, restore_product
from products.inventory.services.steps import lock_product
from products.inventory.status import ProductStatus

ORIGIN = "warranty"
DAYS_TO_PAY = {True: 280, False: 90}
"""How long the owner has to pay: for a year or more, and for less."""


class StillUnpaid(DomainError):
    """The last renewal at the operator's risk was never paid: there is no second one."""

    code = "warranty_unpaid"
    message = _("The last renewal at our risk is not paid yet.")


class PaidMeanwhile(DomainError):
    """A payment came in while the renewal was made."""

    code = "paid_meanwhile"
    message = _("It is being paid at this moment.")


def renew_at_own_risk(product: Product, actor: Actor, at: datetime) -> None:
    """Renew `product` by its period now and issue the invoice over it, which the owner pays later.

    Drafts that hold these days are taken back first, so that nothing is billed twice; an invoice with a
    number that bills them already is the one to be paid. Runs outside of a transaction.

    :raises StillUnpaid: the last such invoice waits for its payment.
    :raises PaidMeanwhile: a payment under way proved to succeed; it is renewed by that.
    :raises PaymentInProgress: the provider carries a payment out at this moment.
    :raises PriceNotFound: it is not sold for its period any more.
    """
    if is_unpaid_at_risk(product=product):
        raise StillUnpaid
    drafts = _naming(product).filter(status=InvoiceStatus.DRAFT).select_related("organization").order_by("pk")
    for draft in drafts:
        if not withdraw_draft(invoice=draft, actor=actor, at=at):
            raise PaidMeanwhile
    _renew(product, actor, at)


def is_unpaid_at_risk(*, product: Product) -> bool:
    """Return whether its last renewal at the operator's risk waits to be paid: there is no second one."""
    return _naming(product).filter(origin=ORIGIN, status=InvoiceStatus.OPEN).exists()


def _naming(product: Product) -> QuerySet[Invoice]:
    return Invoice.objects.filter(
        organization_id=product.organization_id, lines__product=product, lines__counts=True
    ).distinct()


@transaction.atomic
def _renew(product: Product, actor: Actor, at: datetime) -> Invoice:
    # Accounts before the product, as a payment locks them.
    lock_accounts(organization=product.organization, currency=product.organization.currency)
    product = lock_product(product)
    _start, until = next_period(product=product, months=product.months)
    lines = InvoiceLine.objects.filter(
        organization_id=product.organization_id,
        product=product,
        counts=True,
        fulfilled_at=None,
        invoice__status=InvoiceStatus.OPEN,
        period__startswith=product.expires_on,
    )
    issued = lines.select_related("invoice").order_by("pk").first()
    if issued is not None and issued.period is not None:
        invoice, until = issued.invoice, issued.period.upper
    else:
        invoice = _issue(product, until, actor, at)
    if product.status == ProductStatus.REDEMPTION:
        restore_product(product=product, until=until, actor=actor, at=at)
    else:
        extend_product(product=product, until=until, actor=actor, at=at)
    # They are given before they are paid: the payment then gives nothing more.
    InvoiceLine.objects.filter(
        organization_id=product.organization_id, invoice=invoice, product=product, fulfilled_at=None
    ).update(fulfilled_at=at)
    return invoice


def _issue(product: Product, until: date, actor: Actor, at: datetime) -> Invoice:
    organization = product.organization
    today = day_in(organization.time_zone, at)
    start = product.expires_on
    if start is None:  # by constraint it is not so for what is in redemption or suspended
        raise StillUnpaid
    book = read_price_book(plans=[product.plan], currency=organization.currency, on=today)
    invoice = draft_invoice(
        organization=organization,
        lines=renewal_lines(
            book=book,
            product=product,
            options=find_options([product])[product.pk],
            months=product.months,
            period=(start, until),
            language=organization.language,
        ),
        address=common_address(organization=organization, product_ids=[product.pk]),
        origin=ORIGIN,
        origin_key=f"{ORIGIN}:{product.pk}:{start}",
        due_on=today + timedelta(days=DAYS_TO_PAY[product.months >= 12]),
        actor=actor,
        at=at,
    )
    return finalize_invoice(invoice=invoice, actor=actor, at=at)
