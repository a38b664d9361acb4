"""Give what a paid invoice pays for: products begin or go on (PRD-7)."""

import logging
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from billing.invoices.models import Invoice, InvoiceLine
from billing.invoices.services.draft import NO_DAY_TWICE, PeriodAlreadyBilled, constraint_of
from manager.kit.actor import Actor
from manager.kit.clock import day_in
from manager.kit.errors import DomainError
from products.inventory.models import Product
from products.inventory.services import activate_product, extend_product, next_period
from products.inventory.status import ProductStatus

logger = logging.getLogger(__name__)


def fulfil_lines(*, invoice: Invoice, actor: Actor, at: datetime) -> list[int]:
    """Fulfil the invoice's lines, in the order of their products; return the ids of those refused.

    The invoice is locked by the caller. A refusal of one product is kept apart by a savepoint.
    """
    lines = (
        InvoiceLine.objects.filter(
            organization_id=invoice.organization_id, invoice=invoice, fulfilled_at=None
        )
        .select_related("product", "product__plan")
        .order_by("product_id", "period", "position")
    )
    refused = []
    for line in lines:
        try:
            with transaction.atomic():
                _fulfil(invoice, line, actor, at)
        except DomainError as error:
            logger.warning("Line %s of invoice %s is paid but not fulfilled: %s", line.pk, invoice.pk, error)
            refused.append(line.pk)
    return refused


def _fulfil(invoice: Invoice, line: InvoiceLine, actor: Actor, at: datetime) -> None:
    if line.product is not None:
        product: Product = line.product
        if product.status == ProductStatus.PENDING:
            product = activate_product(
                product=product, months=line.months or product.months, actor=actor, at=at
            )
            line.period = DateRange(day_in(invoice.organization.time_zone, at), product.expires_on)
        else:
            line.period = line.period or DateRange(
                *next_period(product=product, months=line.months or product.months)
            )
            extend_product(product=product, until=line.period.upper, actor=actor, at=at)
    line.fulfilled_at = at
    try:
        line.save(update_fields=["period", "fulfilled_at"])
    except IntegrityError as error:
        if constraint_of(error) == NO_DAY_TWICE:
            raise PeriodAlreadyBilled from error
        raise
