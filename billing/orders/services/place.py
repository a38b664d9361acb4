"""Confirm the cart: pending products, a draft invoice, an order (PRD-3, PRD-4)."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from billing.invoices.models import Invoice
from billing.invoices.services import draft_invoice, settle_free
from billing.orders.domain_check import require_free, require_not_ordered
from billing.orders.models import CartLine, Order, OrderLine
from billing.orders.selectors import PricedLine, line_inputs, list_cart_lines, price_lines
from billing.orders.services.cart import lock_cart
from billing.orders.services.expire import end_of_term
from billing.orders.trials import take_trial
from billing.profiles.party import Party
from billing.promotions.models import PromoCode
from billing.promotions.selectors import list_cart_codes
from billing.promotions.services import empty_cart_codes, lock_codes, use_promotions
from billing.tax.quote import LineInput
from manager.kit.actor import Actor
from manager.kit.clock import day_in
from manager.kit.errors import DomainError
from manager.outbox.publish import publish
from organizations.audit.services import record_audit
from organizations.profile.models import Organization
from products.inventory.models import Product
from products.inventory.services import create_product
from products.inventory.services.options import set_options


class CartEmpty(DomainError):
    """There is nothing to order."""

    code = "cart_empty"
    status = 422
    message = _("The cart is empty.")


class AddressIncomplete(DomainError):
    """The invoice cannot be made out to this address."""

    code = "address_incomplete"
    status = 422
    field = "address"
    message = _("Please complete the billing address: street, postal code and city.")


class CartChanged(DomainError):
    """The total is not the one that the person confirmed: the server's price holds (INC-27)."""

    code = "cart_changed"
    message = _("The cart or a price has changed meanwhile. Please look at the new total and confirm again.")


@transaction.atomic
def place_order(
    *,
    organization: Organization,
    address: Party,
    confirmation_key: str,
    confirmed_total: int,
    actor: Actor,
    at: datetime,
    lines: Sequence[CartLine] | None = None,
    codes: Sequence[PromoCode] = (),
) -> Order:
    """Turn the cart into a pending order with its draft invoice, and empty it.

    `confirmation_key` names this one confirmation: pressed twice, or sent again, it gives the same order.
    `confirmed_total` is the total with VAT, in minor units, that the person saw. `lines`, made by
    `build_line`, are ordered instead of the cart, which then stays as it is. Publishes `order.placed`.
    An order of free plans alone is settled with it. Promotional codes are those of the cart, or `codes` with
    `lines`; orders with the same one take turns, so that its limit holds (BIL-13).

    :raises AddressIncomplete: the address lacks its street, postal code or city.
    :raises CartEmpty: nothing that is still sold is in the cart.
    :raises CartChanged: the total is another one by now.
    :raises DomainNameTaken: a domain name in the cart was registered meanwhile.
    :raises DomainNameOrdered: another order that is not paid has a domain name in the cart.
    :raises TrialRefused: the organization, or the person, has had a trial that is in the cart.
    """
    lock_cart(organization)
    known = Order.objects.filter(organization_id=organization.pk, confirmation_key=confirmation_key).first()
    if known:
        return known
    if not address.is_complete:
        raise AddressIncomplete
    today = day_in(organization.time_zone, at)
    waiting, entered = _chosen(organization) if lines is None else (lines, lock_codes(codes))
    with translation.override(organization.language):  # that of the documents
        cart = price_lines(organization=organization, lines=waiting, buyer=address, on=today, codes=entered)
    if cart.quote is None or cart.unavailable:
        raise CartEmpty if cart.quote is None else CartChanged
    if cart.quote.total.amount != confirmed_total:
        raise CartChanged(total=cart.quote.total)
    names = [row.line.name for row in cart.lines if row.line.plan.extension]
    require_free(names)
    require_not_ordered(organization_id=organization.pk, names=names)
    bought = [(line, _create_product(organization, line.line, actor, at)) for line in cart.lines]
    invoice = draft_invoice(
        organization=organization,
        lines=_invoice_lines(organization, bought),
        address=address,
        origin="order",
        origin_key=f"order:{confirmation_key}",
        due_on=today,
        actor=actor,
        at=at,
    )
    order = _write(invoice, bought, confirmation_key, actor, at)
    ordered = [row.line.pk for row in cart.lines if row.line.pk]
    CartLine.objects.filter(organization_id=organization.pk, pk__in=ordered).delete()
    use_promotions(invoice=invoice, lowered=cart.lowered, actor=actor, at=at)
    if lines is None:
        empty_cart_codes(organization_id=organization.pk)
    _tell(order, actor, at)
    settle_free(invoice=invoice, actor=actor, at=at)
    return order


def _write(
    invoice: Invoice,
    bought: Sequence[tuple[PricedLine, Product]],
    confirmation_key: str,
    actor: Actor,
    at: datetime,
) -> Order:
    """Store the order with its lines, and note the trials that it takes."""
    order = Order.objects.create(
        organization_id=invoice.organization_id,
        invoice=invoice,
        confirmation_key=confirmation_key,
        placed_by=actor.user_id or 0,
        created_at=at,
        expires_at=end_of_term(at),
    )
    OrderLine.objects.bulk_create(
        OrderLine(
            organization_id=invoice.organization_id,
            order=order,
            plan=line.line.plan,
            product=product,
            months=line.line.months,
            quantity=line.line.quantity,
            options=line.line.options,
            unit_amount=line.parts[0].unit.amount,
            is_trial=line.line.is_trial,
        )
        for line, product in bought
    )
    for line, _product in bought:
        if line.line.is_trial:
            take_trial(order=order, kind=line.line.plan.kind, person_id=actor.user_id, at=at)
    return order


def _chosen(organization: Organization) -> tuple[Sequence[CartLine], Sequence[PromoCode]]:
    """Return what lies in the cart, its codes locked."""
    codes = lock_codes(list_cart_codes(organization=organization))
    return list(list_cart_lines(organization=organization)), codes


def _create_product(organization: Organization, line: CartLine, actor: Actor, at: datetime) -> Product:
    product = create_product(
        organization=organization,
        plan=line.plan,
        name=line.name,
        months=line.months,
        quantity=line.quantity,
        setup=line.setup,
        actor=actor,
        at=at,
    )
    set_options(product=product, options=line.options)
    return product


def _invoice_lines(
    organization: Organization, bought: Sequence[tuple[PricedLine, Product]]
) -> list[LineInput]:
    """Return the lines of the cart with their products, written in the language of the documents."""
    with translation.override(organization.language):
        return [row for line, product in bought for row in line_inputs(line=line, product=product)]


def _tell(order: Order, actor: Actor, at: datetime) -> None:
    record_audit(
        organization_id=order.organization_id, name="order.placed", actor=actor, at=at, subject=order
    )
    publish(
        "order.placed",
        organization_id=order.organization_id,
        payload={"order": order.pk, "invoice": order.invoice_id, "placed_by": order.placed_by},
        at=at,
    )
