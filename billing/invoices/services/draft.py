"""Write a draft: what is to be paid, without a number yet (BIL-4)."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from billing.changes.models import ChangeQuote
from billing.changes.status import ChangeStatus
from billing.invoices.models import NO_DAYS_TWICE, Invoice, InvoiceLine
from billing.invoices.status import InvoiceStatus
from billing.profiles.models import LegalEntity
from billing.profiles.party import Party
from billing.profiles.purchase_orders import find_purchase_order
from billing.profiles.selectors import default_entity
from billing.tax.quote import LineInput, Quote, QuotedLine, quote
from manager.kit.actor import Actor
from manager.kit.clock import day_in
from manager.kit.errors import DomainError, NotFound
from organizations.audit.services import record_audit
from organizations.profile.models import Organization

ONE_PER_ORIGIN = "invoice_once_per_origin"
DRAFTED = "invoice.drafted"
AGAIN = ":again-"
CHANGE = "change"
"""The origin of an invoice over a change of an offer; it is fulfilled by the change."""


class EmptyInvoice(DomainError):
    """An invoice without a line."""

    code = "empty_invoice"
    status = 422
    message = _("Choose at least one thing to pay.")


class PeriodAlreadyBilled(DomainError):
    """A line would bill days of a product that another invoice bills already (BIL-16)."""

    code = "period_already_billed"
    message = _("These days are already on another invoice. Pay or cancel that one first.")


class ChangeIsWaiting(PeriodAlreadyBilled):
    """The offer of a product is about to change, and with it the price of its next period."""

    code = "change_is_waiting"
    message = _("A change of this product waits for its payment. Pay it, or take it back first.")


def draft_invoice(
    *,
    organization: Organization,
    lines: Sequence[LineInput],
    address: Party,
    origin: str,
    origin_key: str,
    due_on: date,
    actor: Actor,
    at: datetime,
) -> Invoice:
    """Return a DRAFT invoice over `lines`, made out to `address`; parties, prices and VAT are frozen in it.

    One cause gives one invoice: an `origin_key` that already has an invoice which is not cancelled gives
    that one back, also when two ask at the same time.

    :raises EmptyInvoice: no lines.
    :raises PeriodAlreadyBilled: a day of a product is on another invoice.
    :raises ChangeIsWaiting: a product's offer changes with a payment that is awaited.
    """
    if not lines:
        raise EmptyInvoice
    if any(line.product and line.product.organization_id != organization.pk for line in lines):
        raise NotFound
    existing = _find(organization, origin_key)
    if existing:
        return existing
    try:
        with transaction.atomic():
            return _write(
                organization=organization,
                lines=lines,
                address=address,
                origin=origin,
                origin_key=origin_key,
                due_on=due_on,
                actor=actor,
                at=at,
            )
    except IntegrityError as error:
        constraint = constraint_of(error)
        if constraint == ONE_PER_ORIGIN and (existing := _find(organization, origin_key)):
            return existing
        if constraint in NO_DAYS_TWICE:
            raise PeriodAlreadyBilled from error
        raise


def constraint_of(error: IntegrityError) -> str:
    """Return the name of the constraint that refused a row, "" when PostgreSQL names none."""
    return getattr(getattr(error.__cause__, "diag", None), "constraint_name", None) or ""


def free_origin_key(*, organization_id: int, key: str, using: str = "default") -> str:
    """Return the key by which a cause is billed now: a further one after invoices that pay nothing any more.

    They were paid and given back as a whole, or issued and voided; what they were over may be due again.
    """
    paying = InvoiceLine.objects.using(using).filter(invoice=OuterRef("pk"), counts=True)
    former = Invoice.objects.using(using).filter(
        Q(origin_key=key) | Q(origin_key__startswith=f"{key}{AGAIN}"),
        ~Exists(paying),
        organization_id=organization_id,
        status__in=[InvoiceStatus.PAID, InvoiceStatus.VOID],
    )
    number = former.count()
    return f"{key}{AGAIN}{number}" if number else key


def _find(organization: Organization, origin_key: str) -> Invoice | None:
    return (
        Invoice.objects.filter(organization_id=organization.pk, origin_key=origin_key)
        .exclude(status=InvoiceStatus.CANCELLED)
        .first()
    )


def _write(
    *,
    organization: Organization,
    lines: Sequence[LineInput],
    address: Party,
    origin: str,
    origin_key: str,
    due_on: date,
    actor: Actor,
    at: datetime,
) -> Invoice:
    seller = default_entity()
    currency = lines[0].unit.currency
    today = day_in(organization.time_zone, at)
    invoice, rows = compose_draft(
        organization=organization,
        quoted=quote(lines=lines, buyer=address, seller=seller, currency=currency, on=today),
        address=address,
        seller=seller,
        origin=origin,
        origin_key=origin_key,
        due_on=due_on,
        purchase_order=find_purchase_order(
            organization=organization, address_id=address.address_id, on=today
        ),
        at=at,
    )
    invoice.save(force_insert=True)
    InvoiceLine.objects.bulk_create(_of(invoice, rows))
    _require_settled_offers(invoice, lines)
    record_audit(organization_id=organization.pk, name=DRAFTED, actor=actor, at=at, subject=invoice)
    return invoice


def compose_draft(
    *,
    organization: Organization,
    quoted: Quote,
    address: Party,
    seller: LegalEntity,
    origin: str,
    origin_key: str,
    due_on: date,
    purchase_order: str,
    at: datetime,
) -> tuple[Invoice, list[InvoiceLine]]:
    """Return the rows of a draft, not stored: the invoice, and its lines, which do not know its id yet.

    The one place that freezes a quote, for drafts that are written alone and for those written in sets.
    """
    invoice = Invoice(
        organization_id=organization.pk,
        currency=quoted.total.currency,
        language=organization.language,
        origin=origin,
        origin_key=origin_key,
        created_at=at,
        due_on=due_on,
        purchase_order=purchase_order,
        **_frozen(quoted, address, seller),
    )
    return invoice, [
        compose_line(line, organization_id=organization.pk, position=position, origin=origin)
        for position, line in enumerate(quoted.lines, start=1)
    ]


def _of(invoice: Invoice, lines: Sequence[InvoiceLine]) -> Sequence[InvoiceLine]:
    for line in lines:
        line.invoice = invoice
    return lines


def _require_settled_offers(invoice: Invoice, lines: Sequence[LineInput]) -> None:
    """Refuse days of a product whose offer is about to change.

    Asked after the lines are written: each holds its product's row, which whoever accepts a change locks.
    """
    products = [line.product.pk for line in lines if line.product and line.period]
    if invoice.origin == CHANGE or not products:
        return
    waiting = ChangeQuote.objects.filter(
        organization_id=invoice.organization_id, product_id__in=products, status=ChangeStatus.ACCEPTED
    )
    if waiting.exists():
        raise ChangeIsWaiting


def _frozen(quoted: Quote, address: Party, seller: LegalEntity) -> dict[str, object]:
    return {
        "legal_entity": seller,
        "buyer": address.as_json(),
        "seller": Party.of_entity(seller).as_json(),
        "billing_address_id": address.address_id,
        "tax_code": quoted.decision.code,
        "tax_evidence": quoted.decision.evidence,
        "net_amount": quoted.net.amount,
        "tax_amount": quoted.tax.amount,
        "total_amount": quoted.total.amount,
    }


def compose_line(line: QuotedLine, *, organization_id: int, position: int, origin: str) -> InvoiceLine:
    """Return the row of one line of a draft, not stored, that does not know its invoice yet."""
    # What a change charges is covered only when it is paid: until then these days are on the former lines.
    is_change = origin == CHANGE
    return InvoiceLine(
        organization_id=organization_id,
        position=position,
        product_id=line.product.pk if line.product else None,
        component=line.source.component,
        is_trial=line.source.is_trial,
        description=line.description[:250],
        months=line.months,
        quantity=line.quantity,
        unit_amount=line.unit.amount,
        discount_amount=line.discount.amount,
        discounted_by=line.source.discounted_by[:200],
        net_amount=line.net.amount,
        tax_rate=line.tax_rate,
        tax_code=line.source.credit.code if line.source.credit else "",
        tax_amount=line.tax.amount,
        period=DateRange(*line.period) if line.period else None,
        covers=DateRange(*line.period) if line.period and not is_change else None,
    )
