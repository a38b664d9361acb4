"""Find what is to be planned, across tenants: products that fall due and are on no renewal yet (BIL-11)."""

from collections.abc import Collection, Iterator
from datetime import date, datetime, timedelta

from django.db.models import Count, Exists, OuterRef, QuerySet

from billing.changes.models import ChangeQuote
from billing.changes.status import ChangeStatus
from billing.invoices.models import Invoice, InvoiceLine
from billing.invoices.status import InvoiceStatus
from billing.renewals.models import Renewal
from billing.renewals.rules import FIRST_CHARGE_DAYS
from billing.renewals.status import OPEN, RenewalStatus
from billing.runs.models import QuarantineKind
from billing.runs.selectors import find_quarantined
from products.inventory.models import Product
from products.inventory.status import RENEWABLE

SYSTEM = "system"
"""The connection on which the engine works: a batch is of many organizations (decision 13)."""

AHEAD = timedelta(days=1)
"""Zones are up to 14 hours ahead of UTC: tomorrow's date there may be due already."""


def due_by(today: date) -> date:
    """Return the last day of expiry that is due on `today`."""
    return today + timedelta(days=FIRST_CHARGE_DAYS)


def find_unplanned() -> QuerySet[Product]:
    """Return the products of all organizations that renew by themselves and whose next days are not planned.

    Left out are those on a renewal or an invoice, those whose offer is about to change (the price of the next
    period is not known before that is paid), and those in quarantine.
    """
    product = OuterRef("pk")
    renewals = Renewal.objects.using(SYSTEM).filter(
        product=product, period__endswith__gt=OuterRef("expires_on")
    )
    lines = InvoiceLine.objects.using(SYSTEM).filter(
        product=product, counts=True, covers__isnull=False, period__endswith__gt=OuterRef("expires_on")
    )
    changes = ChangeQuote.objects.using(SYSTEM).filter(product=product, status=ChangeStatus.ACCEPTED)
    quarantined = find_quarantined(kind=QuarantineKind.PLAN).using(SYSTEM).filter(subject_id=product)
    return Product.objects.using(SYSTEM).filter(
        ~Exists(renewals.exclude(status=RenewalStatus.CANCELLED)),
        ~Exists(lines),
        ~Exists(changes),
        ~Exists(quarantined),
        auto_renew=True,
        status__in=sorted(RENEWABLE),
    )


def find_batches(*, at: datetime, batch: int) -> Iterator[list[int]]:
    """Yield organizations with something to plan, so many at a time that they have about `batch` products.

    One statement for the whole run. An organization is never divided here: all of it is planned together, as
    renewals of a day are one invoice.
    """
    due = find_unplanned().filter(expires_on__lte=due_by(at.date() + AHEAD))
    rows = due.values_list("organization_id").annotate(number=Count("pk")).order_by("organization_id")
    together: list[int] = []
    products = 0
    for organization_id, number in rows.iterator(chunk_size=2000):
        if together and products + number > batch:
            yield together
            together, products = [], 0
        together.append(organization_id)
        products += number
    if together:
        yield together


def find_blocked(*, at: datetime) -> Collection[int]:
    """Return the organizations in which an unpaid selection may hold days of products that are due.

    Also those with a planned renewal whose draft went into a selection that was dissolved since.
    """
    selections = Invoice.objects.using(SYSTEM).filter(origin="selection", status=InvoiceStatus.DRAFT)
    due = Product.objects.using(SYSTEM).filter(
        auto_renew=True, status__in=sorted(RENEWABLE), expires_on__lte=due_by(at.date() + AHEAD)
    )
    blocking = selections.filter(lines__counts=True, lines__product__in=due)
    taken = Renewal.objects.using(SYSTEM).filter(
        status__in=sorted(OPEN),
        next_attempt_on__lte=at.date() + AHEAD,
        invoice__status=InvoiceStatus.CANCELLED,
    )
    found = {*blocking.values_list("organization_id", flat=True).distinct()}
    return sorted(found | {*taken.values_list("organization_id", flat=True).distinct()})
