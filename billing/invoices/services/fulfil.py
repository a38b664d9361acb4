"""Give what a paid invoice pays for: products begin or go on (PRD-7)."""

import logging
from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from billing.invoices.fulfilment import Fulfiller, find_fulfiller, products_that_wait
from billing.invoices.models import NO_DAYS_TWICE, Invoice, InvoiceLine
from billing.invoices.services.draft import PeriodAlreadyBilled, constraint_of
from billing.invoices.services.give_back import give_back
from billing.invoices.services.lost_names import give_up_lost
from billing.invoices.services.trouble import note_trouble
from manager.kit.actor import Actor
from manager.kit.clock import day_in
from manager.kit.database.rows import update_row
from manager.kit.errors import DomainError
from manager.kit.prepared import Prepared
from products.inventory.models import Product
from products.inventory.services import activate_product, extend_product, next_period
from products.inventory.status import ProductStatus

logger = logging.getLogger(__name__)

Begun = dict[int | None, DateRange]
"""The days that this payment gave to a product, by product id; its options run as long."""


class OptionWithoutPlan(DomainError):
    """An option is paid, but its product could not be given the days."""

    code = "option_without_plan"
    message = _("The product itself could not be extended.")


def read_lines(*, invoice: Invoice) -> list[InvoiceLine]:
    """Return all lines of an invoice, with products and plans, as they are fulfilled one after the other."""
    return _LINES.fetch(organization_id=invoice.organization_id, invoice_id=invoice.pk)


def _build_lines(*, organization_id: int, invoice_id: int) -> QuerySet[InvoiceLine]:
    lines = InvoiceLine.objects.filter(organization_id=organization_id, invoice_id=invoice_id)
    ordered = lines.order_by("product_id", "period", "component", "position")
    return ordered.select_related("product", "product__plan")


_LINES: Prepared[InvoiceLine] = Prepared(_build_lines, planned_once=True)


def unfulfilled(lines: Iterable[InvoiceLine]) -> list[InvoiceLine]:
    """Return those that pay for something and have not given it yet."""
    return [line for line in lines if line.counts and line.fulfilled_at is None]


def fulfil_lines(
    *,
    invoice: Invoice,
    lines: Sequence[InvoiceLine],
    lost: Sequence[InvoiceLine],
    actor: Actor,
    at: datetime,
) -> list[int]:
    """Fulfil the `unfulfilled` lines as `read_lines` orders them; return the ids of those refused.

    The invoice was locked before they were read. A refusal of one product is kept apart by a savepoint.
    Options come after their plan. Where the invoice is fulfilled as a whole and that is refused, its money
    becomes balance. What waits though it is paid, such as the products of a held order, is left for later;
    a line that is refused is noted for staff, and is tried again. Of the domains of `lost` (see `find_lost`)
    the money becomes balance.
    """
    fulfiller = find_fulfiller(invoice.origin)
    if fulfiller is not None:
        return _fulfil_whole(fulfiller, invoice, lines, actor, at)
    refused = []
    begun: Begun = {}
    waiting = products_that_wait(invoice, actor, at)
    lost = [line for line in lost if line.product_id not in waiting]
    if lost:
        give_up_lost(invoice=invoice, lines=lost, actor=actor, at=at)
    passed_over = waiting | {line.product_id for line in lost}
    for line in lines:
        if line.product_id in passed_over:
            continue
        try:
            with transaction.atomic():
                _fulfil(invoice, line, begun, actor, at)
        except DomainError as error:
            logger.warning("Line %s of invoice %s is paid but not fulfilled: %s", line.pk, invoice.pk, error)
            refused.append(line.pk)
            begun.pop(line.product_id, None)
            note_trouble(line=line, error=error, at=at)
    return refused


def _fulfil_whole(
    fulfiller: Fulfiller, invoice: Invoice, lines: Sequence[InvoiceLine], actor: Actor, at: datetime
) -> list[int]:
    try:
        with transaction.atomic():
            fulfiller.fulfil(invoice, actor, at)
            InvoiceLine.objects.filter(
                organization_id=invoice.organization_id, pk__in=[line.pk for line in lines]
            ).update(fulfilled_at=at)
    except DomainError as error:
        logger.warning("Invoice %s is paid but not fulfilled: %s", invoice.pk, error)
        give_back(invoice=invoice, why=error.code, actor=actor, at=at)
        if fulfiller.refused is not None:
            fulfiller.refused(invoice, error.code, actor, at)
        return [line.pk for line in lines]
    return []


def _fulfil(invoice: Invoice, line: InvoiceLine, begun: Begun, actor: Actor, at: datetime) -> None:
    if line.product is not None:
        line.period = (
            _follow_plan(line, begun) if line.component else _extend(invoice, line, line.product, actor, at)
        )
        line.covers = line.period
    line.fulfilled_at = at
    try:
        update_row(line, ("period", "covers", "fulfilled_at"))
    except IntegrityError as error:
        if constraint_of(error) in NO_DAYS_TWICE:
            raise PeriodAlreadyBilled from error
        raise
    if line.product is not None and line.period is not None:
        begun[line.product_id] = line.period


def _follow_plan(line: InvoiceLine, begun: Begun) -> DateRange:
    """Return the days of an option: those that its product has just been given."""
    period = begun.get(line.product_id)
    if period is None or (line.period is not None and line.period != period):
        raise OptionWithoutPlan
    return period


def _extend(invoice: Invoice, line: InvoiceLine, product: Product, actor: Actor, at: datetime) -> DateRange:
    """Begin or extend the product; return the days that the line pays."""
    months = line.months or product.months
    if product.status == ProductStatus.PENDING:
        renews_by = product.months if line.is_trial else None
        product = activate_product(product=product, months=months, renews_by=renews_by, actor=actor, at=at)
        return DateRange(day_in(invoice.organization.time_zone, at), product.expires_on)
    period: DateRange = line.period or DateRange(*next_period(product=product, months=months))
    extend_product(product=product, until=period.upper, actor=actor, at=at)
    return period
