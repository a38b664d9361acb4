"""Domain names that somebody else has paid first: their money becomes balance (PRD-3, PRD-6)."""

from collections.abc import Sequence
from datetime import datetime

from django.db import connection
from django.db.models import QuerySet
from django.utils import translation
from django.utils.translation import gettext

from billing.invoices.models import Invoice, InvoiceLine
from billing.invoices.services.credit import NOT_CARRIED_OUT, CreditedLine, credit_to_prepaid
from billing.ledger.services import lock_accounts
from manager.kit.actor import Actor
from manager.kit.prepared import Prepared
from manager.outbox.publish import publish
from organizations.audit.services import record_audit
from products.inventory.selectors import find_registered
from products.inventory.services import terminate_product
from products.inventory.status import ProductStatus

TAKEN = "domain_name_taken"


def find_lost(*, invoice: Invoice) -> list[InvoiceLine]:
    """Return the lines of a locked invoice whose domain cannot begin, as its name is registered by now.

    The names are held until the transaction ends, in their order: of several that are paid at the same
    moment, by whomever, one registers the name, and the others are told so here.
    """
    lines = _TO_REGISTER.fetch(organization_id=invoice.organization_id, invoice_id=invoice.pk)
    if not lines:
        return []
    names = {line.product.name for line in lines if line.product is not None}
    with connection.cursor() as cursor:
        for name in sorted(names):
            cursor.execute("select pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"domain:{name}"])
    taken = find_registered(names)
    return [line for line in lines if line.product is not None and line.product.name in taken]


def _build_to_register(*, organization_id: int, invoice_id: int) -> QuerySet[InvoiceLine]:
    lines = InvoiceLine.objects.filter(
        organization_id=organization_id,
        invoice_id=invoice_id,
        counts=True,
        fulfilled_at=None,
        product__status=ProductStatus.PENDING,
    )
    return lines.exclude(product__plan__extension="").select_related("product").order_by("position")


_TO_REGISTER: Prepared[InvoiceLine] = Prepared(_build_to_register, planned_once=True)


def give_up_lost(*, invoice: Invoice, lines: Sequence[InvoiceLine], actor: Actor, at: datetime) -> None:
    """Put what was paid for `lines` on the prepaid account by a credit note, and end their products.

    In the transaction that pays the locked invoice. Publishes `invoice.given_back`.
    """
    lock_accounts(organization=invoice.organization, currency=invoice.currency)
    products = {line.product.pk: line.product for line in lines if line.product is not None}
    names = ", ".join(sorted(product.name for product in products.values()))
    InvoiceLine.objects.filter(
        organization_id=invoice.organization_id, pk__in=[line.pk for line in lines]
    ).update(counts=False)
    amount = sum(line.net_amount + line.tax_amount for line in lines)
    with translation.override(invoice.language):
        reason = gettext("Somebody else registered %(names)s before this payment.") % {"names": names}
    if amount:
        credit_to_prepaid(
            invoice=invoice,
            lines=[CreditedLine.of(line, invoice.currency) for line in lines],
            reference=f"invoice:{invoice.pk}:names:{min(products)}",
            kind=NOT_CARRIED_OUT,
            reason=reason,
            actor=actor,
            at=at,
        )
    for _pk, product in sorted(products.items()):
        terminate_product(product=product, actor=actor, at=at)
    facts = {"amount": amount, "reason": TAKEN}
    record_audit(
        organization_id=invoice.organization_id,
        name="invoice.given_back",
        actor=actor,
        at=at,
        subject=invoice,
        **facts,
    )
    publish(
        "invoice.given_back",
        organization_id=invoice.organization_id,
        payload={"invoice": invoice.pk, "origin": invoice.origin, **facts},
        at=at,
    )
