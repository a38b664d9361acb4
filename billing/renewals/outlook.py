"""What renewals know of a product's future: whether it will be charged, when next, and what it costs."""

from datetime import date, datetime, timedelta

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from billing.changes.models import ChangeQuote
from billing.changes.status import ChangeStatus
from billing.invoices.models import InvoiceLine
from billing.invoices.status import InvoiceStatus
from billing.renewals.rules import NO_MEANS
from billing.renewals.selectors import RenewalRow, describe
from billing.renewals.services.at_risk import is_unpaid_at_risk
from manager.kit.clock import day_in
from products.catalog.models import Purpose
from products.catalog.selectors import find_price
from products.inventory.models import Product
from products.inventory.outlook import Notice, Outlook, with_facts
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
    late = f"{reverse('billing:to_pay', args=[organization.pk])}?show=all&product={product.pk}"
    mending = (late, _("Renew now")) if row.can_renew_first else None
    if row.refusal == NO_MEANS:
        mending = (reverse("billing:payment_methods", args=[organization.pk]), _("Save a means"))
    return with_facts(
        outlook,
        charged_to=str(row.method) if row.method else "",
        refusal=row.refusal,
        mending=mending,
        notice=_notice_of(row, organization.pk) if row.is_refused else None,
        is_charged=row.next_charge_on is not None,
        charges_from=_charges_from(product, row.next_charge_on),
        renewed_on=None if outlook.renewed_on and is_unpaid_at_risk(product=product) else outlook.renewed_on,
        is_settled=_is_billed(product),
        renewal_price=row.price,
        restore_price=row.price + fee.money if row.price and fee else None,
    )


def _notice_of(row: RenewalRow, organization_id: int) -> Notice:
    """Return that the last charge did not go through, why, and what a person can do."""
    if row.approval_id is not None:
        return Notice(
            "notice",
            _("Its renewal waits for your approval"),
            row.decline,
            reverse("billing:payment_return", args=[organization_id, row.approval_id]),
            _("Approve the payment"),
        )
    title, text = _("Its renewal could not be charged"), row.decline
    if row.next_charge_on is not None:
        again = _("It is tried again on %(day)s.") % {"day": date_format(row.next_charge_on)}
        text = f"{text} {again}"
    if row.invoice is not None:
        url = reverse("billing:pay_invoice", args=[organization_id, row.invoice.pk])
        return Notice("negative", title, text, url, _("Pay now"))
    page = reverse("products:product", args=[organization_id, row.product.pk])
    url = reverse("billing:renewal_means", args=[organization_id])
    url = f"{url}?selected={row.product.pk}&next={page}"
    return Notice("negative", title, text, url, _("Choose the means"), remote=True)


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
