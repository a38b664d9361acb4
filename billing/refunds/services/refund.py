"""Staff give a paid invoice back, whole or in part (BIL-14)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from billing.invoices.models import Invoice, InvoiceLine
from billing.invoices.services.credit import CreditedLine
from billing.invoices.services.finalize import lock_invoice
from billing.invoices.services.trouble import stop_trying
from billing.refunds.compute import LineLeft, compute_parts, spread
from billing.refunds.models import Refund
from billing.refunds.selectors import Refundable, get_refundable
from billing.refunds.services.begin import store_refund
from billing.tax.quote import RateSum, sum_by_rate
from manager.kit.actor import Actor
from manager.kit.errors import DomainError
from manager.kit.money import Money
from products.inventory.models import Product
from products.inventory.services import terminate_product
from products.inventory.status import STEPS


class Destination(TextChoices):
    """Where the money of a refund goes."""

    MEANS = "means", _("To the means that paid")
    PREPAID = "prepaid", _("To the prepaid account")


class ReasonNeeded(DomainError):
    """A credit note says why."""

    code = "reason_missing"
    status = 422
    field = "reason"
    message = _("Please say why, in a few words. The customer reads it on the credit note.")


class NothingChosen(DomainError):
    """No line and no amount."""

    code = "nothing_to_refund"
    status = 422
    message = _("Please enter what is given back.")


class MoreThanLeft(DomainError):
    """Another refund was quicker, or the sum is too large."""

    code = "more_than_left"
    message = _("Not so much is left of this invoice.")


@dataclass(frozen=True, slots=True)
class Wish:
    """What staff want to give back: `parts` by line with VAT, or a free `amount`, in minor units."""

    parts: Mapping[int, int]
    amount: int
    destination: Destination
    reason: str
    ends_products: bool = False


@dataclass(frozen=True, slots=True)
class Preview:
    """A refund as it would be: the lines of its credit note, VAT by rate, and where the money goes."""

    lines: list[CreditedLine]
    rates: tuple[RateSum, ...]
    total: Money
    to_means: Money
    to_prepaid: Money


def preview_refund(*, refundable: Refundable, wish: Wish) -> Preview:
    """Compute a refund before anything is stored.

    :raises NothingChosen: it is over nothing.
    :raises MoreThanLeft: a line, or the invoice, has not so much left.
    """
    currency = refundable.invoice.currency
    lines = compute_parts(refundable.lines, _parts(refundable, wish), currency=currency)
    total = Money.total((line.total for line in lines), currency)
    if total.amount <= 0:
        raise NothingChosen
    if refundable.left < total:
        raise MoreThanLeft
    charge = refundable.charge_money.amount if wish.destination == Destination.MEANS else 0
    to_means = Money(min(charge, total.amount), currency)
    return Preview(
        lines=lines,
        rates=sum_by_rate([(line.rate, line.net, line.tax) for line in lines], currency),
        total=total,
        to_means=to_means,
        to_prepaid=total - to_means,
    )


def _parts(refundable: Refundable, wish: Wish) -> Mapping[int, int]:
    """Return the sum with VAT of each line."""
    if wish.amount:
        left = sum(line.left for line in refundable.lines)
        if not 0 < wish.amount <= left:
            raise MoreThanLeft
        return spread(refundable.lines, wish.amount, left=left)
    known = {line.id: line for line in refundable.lines}
    for number, part in wish.parts.items():
        if number not in known or not _fits(part, known[number]):
            raise MoreThanLeft
    return wish.parts


def _fits(part: int, line: LineLeft) -> bool:
    return 0 <= part <= line.left or line.left <= part <= 0


@transaction.atomic
def refund_invoice(*, invoice: Invoice, wish: Wish, key: str, actor: Actor, at: datetime) -> Refund:
    """Begin a refund of a paid invoice, as previewed; a worker makes it. Repeated with `key` it is one.

    Lines that are given back as a whole and were never set up are not to be any more. With
    `wish.ends_products` the products of such lines end now and their days are free again; otherwise the
    customer keeps what was given.

    :raises ReasonNeeded: no reason.
    :raises NothingChosen: it is over nothing.
    :raises MoreThanLeft: another refund was quicker, or the sum is too large.
    """
    if not wish.reason.strip():
        raise ReasonNeeded
    invoice = lock_invoice(invoice)
    products = _lock_products(invoice) if wish.ends_products else []
    known = Refund.objects.filter(organization_id=invoice.organization_id, origin_key=f"staff:{key}").first()
    if known is not None:
        return known
    refundable = get_refundable(invoice=invoice)
    preview = preview_refund(refundable=refundable, wish=wish)
    refund = store_refund(
        invoice=invoice,
        credited=preview.lines,
        charge=refundable.charge if wish.destination == Destination.MEANS else None,
        origin_key=f"staff:{key}",
        reason=wish.reason.strip(),
        actor=actor,
        at=at,
        ends_products=wish.ends_products,
    )
    if refund is None:
        raise NothingChosen
    left = {line.id: line.left for line in refundable.lines}
    whole = {part.line_id for part in preview.lines if part.total.amount == left[part.line_id] > 0}
    rows = _let_go(invoice, whole, ends=wish.ends_products)
    ending = {row.product_id for row in rows if not row.component}
    for product in products:
        if product.pk in ending and product.status in STEPS["terminate"]:
            terminate_product(product=product, actor=actor, at=at)
    return refund


def _lock_products(invoice: Invoice) -> list[Product]:
    """Lock the products of a locked invoice, as its payment and a change of their offer do."""
    ids = InvoiceLine.objects.filter(
        organization_id=invoice.organization_id, invoice=invoice, product__isnull=False
    ).values("product_id")
    products = Product.objects.select_for_update(of=("self",)).filter(
        organization_id=invoice.organization_id, pk__in=ids
    )
    return list(products.order_by("pk"))


def _let_go(invoice: Invoice, whole: set[int], *, ends: bool) -> list[InvoiceLine]:
    """Free the days of lines given back as a whole; of those that began only where their end is meant."""
    lines = InvoiceLine.objects.filter(
        organization_id=invoice.organization_id, invoice=invoice, pk__in=whole, counts=True
    )
    rows = list(lines if ends else lines.filter(fulfilled_at=None))
    stop_trying(invoice=invoice, line_ids=[row.pk for row in rows])
    return rows
