"""Accept a quote: pay the difference, or have the surplus as balance (PRD-10, PRD-14)."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from billing.changes.lines import charge_lines, credit_lines
from billing.changes.models import ChangeQuote
from billing.changes.offer import Offer
from billing.changes.selectors import get_change
from billing.changes.services.apply import apply_change, require_same_offer
from billing.changes.services.competing import release_competing, require_no_competing
from billing.changes.spread import invoices_of_surplus
from billing.changes.status import TRANSITIONS, ChangeStatus
from billing.changes.stored import ChargedDays, GivenBack
from billing.disputes.models import Dispute
from billing.disputes.status import DisputeStatus
from billing.invoices.models import Invoice
from billing.invoices.services import draft_invoice, settle_free
from billing.invoices.services.draft import CHANGE, constraint_of
from billing.ledger.services import lock_accounts
from billing.profiles.selectors import common_address
from billing.refunds.models import Refund
from billing.tax.quote import LineInput
from manager.kit.actor import Actor
from manager.kit.errors import DomainError
from manager.kit.status import transition
from manager.outbox.publish import publish
from organizations.audit.services import record_audit
from products.catalog.price_book import read_price_book
from products.inventory.models import Product
from products.inventory.services.steps import lock_product


class QuoteExpired(DomainError):
    """The 15 minutes are over, or the quote was accepted or taken back."""

    code = "quote_expired"
    message = _("This quote no longer holds. Please have a new one computed.")


class ChangeWaiting(DomainError):
    """Another change of the product waits for its payment."""

    code = "change_waiting"
    message = _("Another change of this product waits for its payment. Pay it, or take it back first.")


class QuoteOutdated(DomainError):
    """The billing address or the VAT is another one since the quote."""

    code = "quote_outdated"
    message = _("Something has changed since this quote. Please have a new one computed.")


def accept_change(*, change: ChangeQuote, actor: Actor, at: datetime) -> ChangeQuote:
    """Accept a quote at exactly its sums. Publishes `change.accepted`; see `apply_change` for the rest.

    Where something is due, the product changes with the payment of `change.invoice`; else at once, and the
    surplus becomes balance by credit notes. What is not paid yet of the product's next period is taken back
    and comes again at the new price. Runs outside of a transaction, as a payment that is under way for it is
    closed at the provider first.

    :raises QuoteExpired: it is older than 15 minutes, or not open any more.
    :raises OfferChanged: the product has another offer or expiry since.
    :raises QuoteOutdated: the VAT is another one since, or what was paid is given back or disputed.
    :raises ChangeWaiting: another change of the product waits for its payment.
    :raises NextPeriodBilled: an issued invoice over its next period waits for its payment.
    :raises PaymentInProgress: the next period is being paid at this moment.
    """
    _require_open(change, at)
    release_competing(product=change.product, actor=actor, at=at)
    with transaction.atomic(durable=True):
        # As a payment locks them: what is given back of, the accounts, the product.
        _lock_given_back(change)
        lock_accounts(organization=change.organization, currency=change.currency)
        product = lock_product(change.product)
        change = _lock(change)
        _require_open(change, at)
        require_same_offer(change, product)
        _require_not_given_back(change)
        require_no_competing(product)
        _mark_accepted(change, actor, at)
        if change.charges:
            change.invoice = _draft(change, product, actor, at)
            change.save(update_fields=["invoice"])
            settle_free(invoice=change.invoice, actor=actor, at=at)
        else:
            apply_change(change=change, actor=actor, at=at)
        return get_change(product=product, change_id=change.pk)


def _require_open(change: ChangeQuote, at: datetime) -> None:
    if change.status != ChangeStatus.QUOTED or at >= change.valid_until:
        raise QuoteExpired


def _lock(change: ChangeQuote) -> ChangeQuote:
    return (
        ChangeQuote.objects.select_for_update(of=("self",))
        .select_related("organization", "plan__family", "product__plan")
        .get(organization_id=change.organization_id, pk=change.pk)
    )


def _lock_given_back(change: ChangeQuote) -> None:
    """Lock the invoices that the surplus may be given back of; its credit notes name them."""
    invoices = Invoice.objects.select_for_update(of=("self",)).filter(
        organization_id=change.organization_id, pk__in=invoices_of_surplus(change=change)
    )
    list(invoices.order_by("pk").values_list("pk"))


def _require_not_given_back(change: ChangeQuote) -> None:
    """Refuse a quote over money that was given back, or that a bank took back, since it was computed.

    :raises QuoteOutdated: so it is.
    """
    invoices = {row["invoice"] for row in change.set_off} | invoices_of_surplus(change=change)
    refunds = Refund.objects.filter(organization_id=change.organization_id, invoice_id__in=invoices)
    disputes = Dispute.objects.filter(
        organization_id=change.organization_id, attempt__invoice_id__in=invoices
    ).exclude(status=DisputeStatus.WON)
    since = Q(opened_at__gt=change.created_at) | Q(withdrawn_at__gt=change.created_at)
    if refunds.filter(created_at__gt=change.created_at).exists() or disputes.filter(since).exists():
        raise QuoteOutdated


def _mark_accepted(change: ChangeQuote, actor: Actor, at: datetime) -> None:
    transition(change, ChangeStatus.ACCEPTED, TRANSITIONS)
    change.accepted_at = at
    try:
        with transaction.atomic():
            change.save(update_fields=["status", "accepted_at"])
    except IntegrityError as error:
        if constraint_of(error) == "change_one_waiting":
            raise ChangeWaiting from error
        raise
    facts = {"plan": change.plan.slug, "due": change.due_amount, "surplus": change.surplus_amount}
    record_audit(
        organization_id=change.organization_id,
        name="change.accepted",
        actor=actor,
        at=at,
        subject=change.product,
        **facts,
    )
    publish(
        "change.accepted",
        organization_id=change.organization_id,
        payload={"change": change.pk, "product": change.product_id, **facts},
        at=at,
    )


def _draft(change: ChangeQuote, product: Product, actor: Actor, at: datetime) -> Invoice:
    organization = change.organization
    with translation.override(organization.language):
        lines = _lines(change, product)
    invoice = draft_invoice(
        organization=organization,
        lines=lines,
        address=common_address(organization=organization, product_ids=[product.pk]),
        origin=CHANGE,
        origin_key=f"{CHANGE}:{change.pk}",
        due_on=change.on,
        actor=actor,
        at=at,
    )
    if invoice.total_amount != change.due_amount:
        raise QuoteOutdated
    return invoice


def _lines(change: ChangeQuote, product: Product) -> list[LineInput]:
    offer = Offer(change.plan, change.months, change.quantity, change.options)
    book = read_price_book(plans=[change.plan], currency=change.currency, on=change.on)
    charges = [ChargedDays.from_json(row, change.currency) for row in change.charges]
    used = [GivenBack.from_json(row, change.currency) for row in change.set_off]
    lines = charge_lines(product=product, offer=offer, book=book, charges=charges)
    return [*lines, *credit_lines(product=product, used=used)]
