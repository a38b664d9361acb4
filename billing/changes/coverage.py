"""The days of a product that invoices pay: read for a quote, cut and given by a change."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import QuerySet, Sum

from billing.changes.proration import PaidDays
from billing.disputes.models import Dispute
from billing.disputes.status import DisputeStatus
from billing.invoices.models import Invoice, InvoiceLine
from billing.invoices.status import InvoiceStatus
from billing.refunds.models import Refund
from manager.kit.clock import day_in
from manager.kit.money import Money
from organizations.profile.models import Organization
from products.inventory.models import Product


def read_paid_days(product: Product, *, on: date) -> list[PaidDays]:
    """Return the paid lines of the product's organization that pay days from `on` on, oldest first."""
    lines = InvoiceLine.objects.filter(
        organization_id=product.organization_id,
        product_id=product.pk,
        counts=True,
        covers__endswith__gt=on,
        fulfilled_at__isnull=False,
        invoice__status=InvoiceStatus.PAID,
    )
    found = list(lines.select_related("invoice").order_by("covers", "component"))
    back = _given_back(product, {line.invoice_id for line in found})
    disputed = _disputed(product, found)
    return [_paid_days(line, product, back[line.pk] + disputed[line.pk]) for line in found]


def _given_back(product: Product, invoices: set[int]) -> dict[int, int]:
    """Return what refunds gave back of each line, without VAT: its days are worth that less.

    One cent more is left out of a line that is not refunded as a whole, so that no rounding of the VAT
    gives back more than is left.
    """
    back: dict[int, int] = defaultdict(int)
    refunds = Refund.objects.filter(organization_id=product.organization_id, invoice_id__in=invoices)
    for rows in refunds.values_list("lines", "line_ids"):
        for row, line in zip(*rows, strict=True):
            back[line] += row["net"] if line in back else row["net"] + 1
    return back


def _disputed(product: Product, lines: list[InvoiceLine]) -> dict[int, int]:
    """Return what of each line, without VAT, the payer's bank took back or looks into: it is not here.

    A dispute is of a whole payment: each line bears its part, rounded up.
    """
    disputes = Dispute.objects.filter(
        organization_id=product.organization_id,
        attempt__invoice_id__in={line.invoice_id for line in lines},
    ).exclude(status=DisputeStatus.WON)
    sums = disputes.order_by().values("attempt__invoice_id").annotate(sum=Sum("amount"))
    taken = {row["attempt__invoice_id"]: row["sum"] for row in sums}
    return {
        line.pk: -(-line.net_amount * taken.get(line.invoice_id, 0) // (line.invoice.total_amount or 1))
        for line in lines
    }


def cut(product: Product, *, components: Iterable[str], on: date) -> int:
    """Let paid lines of the product's `components` end with the day before `on`; return how many.

    The caller has locked the product.
    """
    lines = InvoiceLine.objects.select_for_update().filter(
        organization_id=product.organization_id,
        product_id=product.pk,
        component__in=list(components),
        counts=True,
        covers__endswith__gt=on,
        fulfilled_at__isnull=False,
    )
    return _end(lines, on)


def cover(invoice: Invoice) -> None:
    """Let the lines of a change's invoice pay the days that they charge."""
    lines = InvoiceLine.objects.filter(
        organization_id=invoice.organization_id, invoice=invoice, net_amount__gt=0, period__isnull=False
    )
    for line in lines.order_by("position"):
        line.covers = line.period
        line.save(update_fields=["covers"])


@transaction.atomic
def give_up(*, organization_id: int, product_id: int, at: datetime) -> int:
    """Let the lines of a product that left the organization end with the day it left; return how many.

    Its days to come are the recipient's, whose own invoices may then pay them for another offer.
    """
    organization = Organization.objects.get(pk=organization_id)
    on = day_in(organization.time_zone, at)
    lines = InvoiceLine.objects.select_for_update().filter(
        organization_id=organization_id, product_id=product_id, covers__endswith__gt=on
    )
    return _end(lines, on)


def _end(lines: QuerySet[InvoiceLine], on: date) -> int:
    found = list(lines.order_by("pk"))
    for line in found:
        begin = line.covers.lower
        line.covers = DateRange(begin, max(begin, on))
        line.save(update_fields=["covers"])
    return len(found)


def _paid_days(line: InvoiceLine, product: Product, back: int) -> PaidDays:
    currency = line.invoice.currency
    period = line.period or line.covers
    return PaidDays(
        line=line.pk,
        invoice=line.invoice_id,
        component=line.component,
        months=line.months or product.months,
        period=(period.lower, period.upper),
        covers=(line.covers.lower, line.covers.upper),
        net=Money(max(0, line.net_amount - back) if back else line.net_amount, currency),
        tax=Money(line.tax_amount, currency),
        rate=line.tax_rate,
        code=line.tax_rule,
    )
