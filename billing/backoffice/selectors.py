"""Read orders, paid lines and invoices of all organizations, for staff."""

from datetime import date

from django.db import models
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from billing.invoices.models import Invoice, InvoiceLine
from billing.invoices.status import InvoiceStatus
from billing.orders.models import Order, OrderLine
from billing.orders.status import OrderStatus
from manager.kit.ids import parse_id


class Waiting(models.TextChoices):
    """Why a paid line is not fulfilled."""

    REFUSED = "refused", _("Refused, tried again")
    HELD = "held", _("Order held")
    OTHER = "other", _("Not told")


_HELD = Q(is_held=True)
_REFUSED = Q(trouble__isnull=False)
_WHY = {Waiting.REFUSED: _REFUSED & ~_HELD, Waiting.HELD: _HELD, Waiting.OTHER: ~_REFUSED & ~_HELD}


def list_orders_of_all(*, search: str = "", status: str = "") -> QuerySet[Order]:
    """Return all organizations' orders; `search` is the number of an order or a part of a name."""
    orders = Order.objects.using("system").select_related("organization", "invoice__replaced_by", "hold")
    if status in OrderStatus.values:
        orders = orders.filter(status=status)
    if search:
        number = parse_id(search)
        orders = orders.filter(Q(organization__name__icontains=search) | Q(pk=number or 0))
    return orders


def list_unfulfilled(*, search: str = "", why: str = "") -> QuerySet[InvoiceLine]:
    """Return all organizations' lines that are paid and not fulfilled, with their trouble if any."""
    held = OrderLine.objects.using("system").filter(
        product=models.OuterRef("product"), order__status=OrderStatus.HELD
    )
    lines = InvoiceLine.objects.using("system").filter(
        fulfilled_at=None, counts=True, invoice__status=InvoiceStatus.PAID
    )
    lines = lines.annotate(is_held=models.Exists(held))
    if why in Waiting.values:
        lines = lines.filter(_WHY[Waiting(why)])
    if search:
        names = Q(organization__name__icontains=search) | Q(product__name__icontains=search)
        lines = lines.filter(names | Q(invoice__number__iexact=search))
    return lines.select_related("organization", "invoice", "product__plan", "trouble")


class Doubt(models.TextChoices):
    """Why staff look at where a customer is; `""` in a filter are those that differ."""

    UNPROVED = "unproved", _("Fewer than two sources")


def list_differing(
    *, since: date | str = "", until: date | str = "", entity: str = "", doubt: str = ""
) -> QuerySet[Invoice]:
    """Return all organizations' invoices whose signs of the customer's country contradict each other (BIL-6).

    With `doubt` those that fewer than two independent sources speak for instead.
    `since` and `until` are days of issue, both included, `entity` the id of who sold; "" leaves nothing out.
    """
    wanted = "countries_proved" if doubt == Doubt.UNPROVED else "countries_agree"
    invoices = Invoice.objects.using("system").filter(**{f"tax_evidence__{wanted}": False})
    given = {"issued_on__gte": since, "issued_on__lte": until, "legal_entity": entity}
    invoices = invoices.filter(**{field: value for field, value in given.items() if value})
    return invoices.select_related("organization", "legal_entity")


def count_unfulfilled() -> int:
    """Return how many paid lines were refused by their product and wait."""
    return list_unfulfilled(why=Waiting.REFUSED).count()
