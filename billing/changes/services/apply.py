"""Carry an accepted change out: the days change hands, the surplus becomes balance, the product changes."""

from collections import defaultdict
from datetime import datetime

from django.utils import translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from billing.changes.coverage import cover, cut
from billing.changes.lines import name_credited
from billing.changes.models import ChangeQuote
from billing.changes.offer import Offer
from billing.changes.spread import spread_surplus
from billing.changes.status import TRANSITIONS, ChangeStatus
from billing.changes.stored import GivenBack
from billing.invoices.models import Invoice
from billing.invoices.services.credit import CHANGE_CREDIT, CreditedLine, credit_to_prepaid
from manager.kit.actor import Actor
from manager.kit.errors import DomainError
from manager.kit.status import transition
from manager.outbox.publish import publish
from products.inventory.models import Product
from products.inventory.services.options import modify_product
from products.inventory.services.steps import lock_product


class OfferChanged(DomainError):
    """The product has another offer, or is paid until another day, than when the change was quoted."""

    code = "offer_changed"
    message = _("The product has changed since this quote. Please have a new one computed.")


def apply_paid(invoice: Invoice, actor: Actor, at: datetime) -> None:
    """Carry out the change that `invoice` has just paid; called in the transaction of the payment.

    :raises OfferChanged: the product has another offer than the one that the change was computed for.
    :raises IllegalTransition: the change does not wait for its payment.
    """
    change = (
        ChangeQuote.objects.select_for_update(of=("self",))
        .select_related("organization", "plan__family")
        .get(organization_id=invoice.organization_id, invoice=invoice)
    )
    products = Product.objects.filter(organization_id=invoice.organization_id, pk=change.product_id)
    if not products.exists():  # it went to another organization
        raise OfferChanged
    apply_change(change=change, actor=actor, at=at)


def apply_change(*, change: ChangeQuote, actor: Actor, at: datetime) -> None:
    """Carry out an accepted change whose row is locked. Publishes `product.changed` and `change.applied`.

    `change.applied` names the change, its product and the surplus in minor units; the billing contacts are
    mailed by it.

    :raises OfferChanged: see `apply_paid`.
    :raises IllegalTransition: it is not accepted.
    """
    transition(change, ChangeStatus.APPLIED, TRANSITIONS)
    change.settled_at = at
    change.save(update_fields=["status", "settled_at"])
    _give_back(change, actor, at)
    product = lock_product(change.product)
    require_same_offer(change, product)
    wanted = Offer(change.plan, change.months, change.quantity, change.options)
    changed = wanted.changed_from(Offer.of(product))
    cut(product, components=changed, on=change.on)
    if change.invoice is not None:
        cover(change.invoice)
    modify_product(
        product=product,
        plan=change.plan,
        months=change.months,
        quantity=change.quantity,
        options=change.options,
        actor=actor,
        at=at,
    )
    publish(
        "change.applied",
        organization_id=change.organization_id,
        payload={"change": change.pk, "product": change.product_id, "surplus": change.surplus_amount},
        at=at,
    )


def require_same_offer(change: ChangeQuote, product: Product) -> None:
    """Refuse a change that was computed for another offer than the locked product has.

    :raises OfferChanged: so it is.
    """
    if Offer.of(product).as_json(product) != change.before:
        raise OfferChanged


def _give_back(change: ChangeQuote, actor: Actor, at: datetime) -> None:
    """Put the surplus on the prepaid account, by one credit note for each invoice that it was paid with."""
    by_invoice: dict[int, list[GivenBack]] = defaultdict(list)
    rows = [GivenBack.from_json(row, change.currency) for row in change.surplus]
    for back in spread_surplus(change=change, rows=rows):
        by_invoice[back.invoice].append(back)
    invoices = Invoice.objects.select_related("organization", "legal_entity").filter(
        organization_id=change.organization_id, pk__in=by_invoice
    )
    for invoice in invoices.order_by("pk"):
        with translation.override(change.organization.language):
            reason = gettext("Change of the offer of %(product)s") % {"product": change.product.name}
            lines = _credited(change, by_invoice[invoice.pk])
        credit_to_prepaid(
            invoice=invoice,
            lines=lines,
            reference=f"change:{change.pk}:credit:{invoice.pk}",
            kind=CHANGE_CREDIT,
            reason=reason,
            actor=actor,
            at=at,
        )


def _credited(change: ChangeQuote, rows: list[GivenBack]) -> list[CreditedLine]:
    texts = name_credited(product=change.product, rows=rows)
    return [
        CreditedLine(text, row.rate, row.net, row.tax, row.line, row.code)
        for text, row in zip(texts, rows, strict=True)
    ]
