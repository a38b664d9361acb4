"""Put what was selected on one invoice (BIL-2), and take such an invoice apart again."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from billing.invoices.lines import renewal_lines
from billing.invoices.models import Invoice
from billing.invoices.services import cancel_invoice, draft_invoice, settle_free
from billing.invoices.services.draft import free_origin_key
from billing.invoices.status import PAYABLE, InvoiceStatus
from billing.payments.selectors import get_open_attempt
from billing.payments.services import InvoiceNotPayable, cancel_attempt
from billing.profiles.party import Party
from billing.tax.quote import LineInput
from billing.to_pay.billed_to import buyer_of
from billing.to_pay.carried import lines_of, paid_alone
from billing.to_pay.errors import NothingSelected, TooMuchSelected
from billing.to_pay.listing import MOST
from manager.kit.actor import Actor
from manager.kit.clock import day_in
from manager.kit.errors import NotFound
from organizations.audit.services import record_audit
from organizations.profile.models import Organization
from products.catalog.price_book import read_price_book
from products.inventory.models import Product
from products.inventory.selectors import find_options
from products.inventory.services import next_period
from products.inventory.services.extend import InRedemption
from products.inventory.status import ProductStatus

ORIGIN = "selection"


@dataclass(frozen=True, slots=True)
class DueChoice:
    """A product to be renewed, by so many months."""

    product_id: int
    months: int


def compose_selection(
    *,
    organization: Organization,
    choices: Sequence[DueChoice],
    invoice_ids: Sequence[int],
    address_id: int | None = None,
    actor: Actor,
    at: datetime,
) -> Invoice:
    """Return ONE invoice over the chosen renewals and the selected drafts, ready to be paid (BIL-2).

    It is billed to `address_id` where that is chosen (BIL-8), else to the address fixed for what is in it.
    A single invoice is given as it is, unless it is a draft to another address than the chosen. Several
    drafts are cancelled and their lines carried over to a new one, which they name as `replaced_by`. Asked
    again for the same, it gives the same invoice.

    :raises NothingSelected: nothing was.
    :raises TooMuchSelected: more than 200.
    :raises NumberedPaidAlone: an issued invoice among several things.
    :raises PaidAlone: an invoice over a change of an offer or a restore among several things, or one in
        another currency than the organization's.
    :raises InRedemption: a product is a domain in redemption, which has another price (PRD-11).
    :raises NotFound: a product or invoice is not the organization's.
    :raises InvoiceNotPayable: a selected invoice is paid or cancelled meanwhile.
    :raises PriceNotFound: a product is not sold for the chosen period.
    :raises PeriodAlreadyBilled: a product's next days are on another invoice.
    :raises PaymentInProgress: a selected draft is being paid at this moment.
    """
    if not choices and not invoice_ids:
        raise NothingSelected
    if len(choices) + len(invoice_ids) > MOST:
        raise TooMuchSelected
    products = _products(organization, choices)
    key = free_origin_key(
        organization_id=organization.pk, key=_key(choices, invoice_ids, products, address_id)
    )
    known = Invoice.objects.filter(
        organization_id=organization.pk, origin_key=key, status__in=PAYABLE
    ).first()
    if known is not None:
        return known
    invoices = _invoices(organization, invoice_ids)
    if len(invoices) == 1 and not choices and _stays(invoices[0], address_id):
        return invoices[0]
    for refusal in filter(None, (paid_alone(invoice, organization.currency) for invoice in invoices)):
        raise refusal
    _close_attempts(invoices, actor, at)
    today = day_in(organization.time_zone, at)
    renewals = _renewals(organization, choices, products, today)
    return _compose(organization, invoices, renewals, key=key, address_id=address_id, actor=actor, at=at)


def _stays(invoice: Invoice, address_id: int | None) -> bool:
    """Return whether an invoice is paid as it is; what cannot be carried over keeps its address."""
    if address_id in {None, invoice.billing_address_id}:
        return True
    return paid_alone(invoice, invoice.organization.currency) is not None


def _renewals(
    organization: Organization, choices: Sequence[DueChoice], products: dict[int, Product], today: date
) -> list[LineInput]:
    book = read_price_book(
        plans=[product.plan for product in products.values()], currency=organization.currency, on=today
    )
    options = find_options(products.values())
    lines: list[LineInput] = []
    for choice in choices:
        product = products[choice.product_id]
        lines += renewal_lines(
            book=book,
            product=product,
            options=options[product.pk],
            months=choice.months,
            period=next_period(product=product, months=choice.months),
            language=organization.language,
        )
    return lines


def _products(organization: Organization, choices: Sequence[DueChoice]) -> dict[int, Product]:
    wanted = {choice.product_id for choice in choices}
    found = Product.objects.select_related("plan", "organization").filter(
        organization_id=organization.pk, pk__in=wanted
    )
    products = {product.pk: product for product in found}
    if len(wanted) != len(choices) or wanted != set(products):
        raise NotFound
    if any(product.status == ProductStatus.REDEMPTION for product in products.values()):
        raise InRedemption  # its price is that of a restore (PRD-11)
    return products


def _invoices(organization: Organization, invoice_ids: Sequence[int]) -> list[Invoice]:
    found = list(
        Invoice.objects.select_related("organization")
        .filter(organization_id=organization.pk, pk__in=invoice_ids)
        .order_by("pk")
    )
    if len(found) != len(set(invoice_ids)):
        raise NotFound
    if any(not invoice.is_payable for invoice in found):
        raise InvoiceNotPayable
    return found


def _key(
    choices: Sequence[DueChoice],
    invoice_ids: Sequence[int],
    products: dict[int, Product],
    address_id: int | None,
) -> str:
    parts = [f"p{c.product_id}:{c.months}:{products[c.product_id].expires_on}" for c in choices]
    parts += [f"i{pk}" for pk in set(invoice_ids)]
    parts += [f"a{address_id}"] if address_id is not None else []
    return f"{ORIGIN}:{hashlib.sha256(' '.join(sorted(parts)).encode()).hexdigest()[:40]}"


def _close_attempts(invoices: Sequence[Invoice], actor: Actor, at: datetime) -> None:
    """Close what is open at the provider for drafts that are about to go into another one."""
    for invoice in invoices:
        attempt = get_open_attempt(invoice=invoice)
        if attempt is not None and not cancel_attempt(attempt=attempt, actor=actor, at=at).is_closed:
            raise InvoiceNotPayable


def _compose(
    organization: Organization,
    invoices: Sequence[Invoice],
    renewals: Sequence[LineInput],
    *,
    key: str,
    address_id: int | None,
    actor: Actor,
    at: datetime,
) -> Invoice:
    with transaction.atomic(durable=True):
        _lock(organization, invoices)
        taken = [_take_over(invoice, actor, at) for invoice in invoices]
        lines = [line for carried in taken for line in carried] + list(renewals)
        invoice = draft_invoice(
            organization=organization,
            lines=lines,
            address=buyer_of(
                organization=organization,
                address_id=address_id,
                product_ids={line.product.pk for line in renewals if line.product},
                drafts=[draft.billing_address_id for draft in invoices],
            ),
            origin=ORIGIN,
            origin_key=key,
            due_on=_due_on(invoices, renewals, day_in(organization.time_zone, at)),
            actor=actor,
            at=at,
        )
        ids = [draft.pk for draft in invoices]
        _point_to(organization, ids, invoice)
        record_audit(
            organization_id=organization.pk,
            name="invoice.composed",
            actor=actor,
            at=at,
            subject=invoice,
            drafts=ids,
        )
        return settle_free(invoice=invoice, actor=actor, at=at)


def _lock(organization: Organization, invoices: Sequence[Invoice]) -> None:
    """Lock all of them before the accounts, which are needed for what is set aside for one of them."""
    ids = [invoice.pk for invoice in invoices]
    rows = Invoice.objects.select_for_update().filter(organization_id=organization.pk, pk__in=ids)
    list(rows.order_by("pk").values_list("pk"))


def _take_over(invoice: Invoice, actor: Actor, at: datetime) -> list[LineInput]:
    """Cancel a draft, which frees its days, and return its lines for another one."""
    locked = Invoice.objects.select_for_update().get(pk=invoice.pk, organization_id=invoice.organization_id)
    if locked.status != InvoiceStatus.DRAFT or get_open_attempt(invoice=locked) is not None:
        raise InvoiceNotPayable
    lines = lines_of(locked)
    cancel_invoice(invoice=locked, actor=actor, at=at)
    return lines


def _point_to(organization: Organization, ids: list[int], invoice: Invoice) -> None:
    """Let drafts, and those that had gone into them before, name their present invoice: always one hop."""
    rows = Invoice.objects.filter(organization_id=organization.pk)
    rows.filter(replaced_by_id__in=ids).update(replaced_by=invoice)
    rows.filter(pk__in=ids).update(replaced_by=invoice)


def _due_on(invoices: Sequence[Invoice], renewals: Sequence[LineInput], today: date) -> date:
    days = [invoice.due_on for invoice in invoices] + [line.period[0] for line in renewals if line.period]
    return min(days, default=today)


def release_selection(*, invoice: Invoice, actor: Actor, at: datetime) -> list[Invoice]:
    """Take an unpaid selection apart and return the drafts that come back.

    Each draft that had gone into it is written again, with its origin and lines, and named as `replaced_by`
    of the old one; renewed products are simply due again.

    :raises InvoiceNotPayable: it is no selection, or it is paid or cancelled.
    :raises PaymentInProgress: it is being paid at this moment.
    """
    if invoice.origin != ORIGIN or invoice.status != InvoiceStatus.DRAFT:
        raise InvoiceNotPayable  # before a payment of it is given up for nothing
    _close_attempts([invoice], actor, at)
    with transaction.atomic(durable=True):
        locked = Invoice.objects.select_for_update().get(
            pk=invoice.pk, organization_id=invoice.organization_id
        )
        if locked.status != InvoiceStatus.DRAFT or get_open_attempt(invoice=locked) is not None:
            raise InvoiceNotPayable
        cancel_invoice(invoice=locked, actor=actor, at=at)
        former = Invoice.objects.select_related("organization").filter(
            organization_id=invoice.organization_id, replaced_by=locked
        )
        back = [_write_again(old, actor, at) for old in former.order_by("pk") if old.origin != ORIGIN]
        record_audit(
            organization_id=invoice.organization_id,
            name="invoice.taken_apart",
            actor=actor,
            at=at,
            subject=locked,
        )
    return list({draft.pk: draft for draft in back}.values())


def _write_again(old: Invoice, actor: Actor, at: datetime) -> Invoice:
    draft = draft_invoice(
        organization=old.organization,
        lines=lines_of(old),
        address=Party.from_json(old.buyer),
        origin=old.origin,
        origin_key=old.origin_key,
        due_on=old.due_on,
        actor=actor,
        at=at,
    )
    Invoice.objects.filter(pk=old.pk, organization_id=old.organization_id).update(replaced_by=draft)
    return draft
