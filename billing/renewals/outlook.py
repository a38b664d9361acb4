"""What renewals know of a product's future: whether it will be charged, when next, and what it costs."""

from datetime import date, datetime, timedelta

from billing.changes.models import ChangeQuote
from billing.changes.status import ChangeStatus
from billing.invoices.models import InvoiceLine
from billing.invoices.status import InvoiceStatus
from billing.renewals.selectors import describe
from billing.renewals.services.at_risk import is_unpaid_at_risk
from manager.kit.clock import day_in
from products.catalog.models import Purpose
from products.catalog.selectors import find_price
from products.inventory.models import Product
from products.inventory.outlook import Outlook, with_facts
from products.inventory.status import LIVING


def complete_outlook(product: Product, outlook: Outlook, at: datetime) -> Outlook:
    """Return the outlook with what renewals know (BIL-11, PRD-11): the facts by which the engine charges."""
    if product.status not in LIVING or product.expires_on is None:
        return outlook
    organization = product.organization
    [row] = describe(organization=organization, products=[product], at=at)
    today = day_in(organization.time_zone, at)
    fee = None
    if product.plan.redemption_days:
        fee = find_price(
            plan=product.plan, months=0, currency=organization.currency, on=today, purpose=Purpose.RESTORE
        )
    return with_facts(
        outlook,
        is_charged=row.next_charge_on is not None,
        charges_from=_charges_from(product, row.next_charge_on),
        renewed_on=None if outlook.renewed_on and is_unpaid_at_risk(product=product) else outlook.renewed_on,
        is_settled=_is_billed(product),
        renewal_price=row.price,
        restore_price=row.price + fee.money if row.price and fee else None,
    )


def _charges_from(product: Product, next_charge_on: date | None) -> date | None:
    """Return the day of the next charge: not while a change of the offer waits, which is its day at most."""
    changes = ChangeQuote.objects.filter(
        organization_id=product.organization_id, product=product, status=ChangeStatus.ACCEPTED
    )
    waiting = changes.first() if next_charge_on else None
    if waiting is None or next_charge_on is None:
        return next_charge_on
    return max(next_charge_on, waiting.on + timedelta(days=1))


def _is_billed(product: Product) -> bool:
    """Return whether the coming period stands on an invoice with a number: it has its own reminders."""
    lines = InvoiceLine.objects.filter(
        organization_id=product.organization_id,
        product=product,
        counts=True,
        invoice__status__in=[InvoiceStatus.OPEN, InvoiceStatus.PAID],
    )
    return lines.filter(period__endswith__gt=product.expires_on).exists()
