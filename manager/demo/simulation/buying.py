"""What people buy and pay in a simulation: orders, renewals by hand, restores, what waits."""

from datetime import datetime, timedelta

from django.db.models import Q

from billing.holds.models import OrderHold
from billing.holds.periodic import drain_holds
from billing.holds.services import refuse_hold, release_hold
from billing.holds.status import Decision
from billing.invoices.models import Invoice
from billing.invoices.services import void_invoice
from billing.invoices.status import InvoiceStatus
from billing.orders.models import Order, OrderLine
from billing.orders.selectors import price_lines
from billing.orders.services import cancel_order, place_order
from billing.orders.services.cart import build_line
from billing.orders.status import OrderStatus
from billing.payments.services import pay_from_prepaid, pay_with_method
from billing.profiles.party import Party
from billing.promotions.models import PromoCode
from billing.restores.services import order_restore
from billing.to_pay.services import DueChoice, compose_selection
from manager.demo.simulation.cards import find_card
from manager.demo.simulation.choosing import choose_organization, choose_product
from manager.demo.simulation.world import OPTIONS, STAFF, SUFFIXES, World
from manager.kit.clock import day_in
from products.catalog.selectors import get_plan
from products.inventory.status import RENEWABLE, ProductStatus

NEVER_PAID = 0.12
BY_CARD = 0.5
# What is done on the day that was chosen for it, not at random.
DECIDE = "decide hold "


def order(world: World, at: datetime) -> None:
    """Order one to four products; most orders are paid at once, the rest perhaps later."""
    dice, organization = world.dice, choose_organization(world)
    lines = []
    for _ in range(dice.choices([1, 2, 3, 4], [20, 30, 30, 20])[0]):
        [(_weight, slug, periods)] = dice.choices(world.stock, [row[0] for row in world.stock])
        world.bought += 1
        name = f"p{world.bought:04}"
        choices = OPTIONS.get("domain" if slug in SUFFIXES else slug, ({},))
        lines.append(
            build_line(
                organization=organization,
                plan=get_plan(slug=slug),
                months=dice.choice(periods),
                quantity=1 if slug in SUFFIXES else dice.choice([1, 1, 1, 3]),
                name=f"{name}.{SUFFIXES.get(slug, 'ch')}",
                options=dice.choice(choices),
                at=at,
            )
        )
    buyer = Party.of_organization(organization)
    today = day_in(organization.time_zone, at)
    codes = _choose_codes(world, organization.currency)
    priced = price_lines(organization=organization, lines=lines, buyer=buyer, on=today, codes=codes)
    placed = place_order(
        organization=organization,
        address=buyer,
        confirmation_key=f"{world.bought:032x}",
        confirmed_total=priced.quote.total.amount if priced.quote else 0,
        actor=world.actor,
        at=at,
        lines=lines,
        codes=codes,
    )
    made = OrderLine.objects.filter(organization_id=organization.pk, order=placed).select_related("product")
    world.names.update({line.product_id: line.product.name for line in made})
    world.counts["products ordered"] += len(lines)
    if dice.random() >= NEVER_PAID:
        pay(world, placed.invoice, at)


def _choose_codes(world: World, currency: str) -> list[PromoCode]:
    """Return up to two codes, mostly none; one whose limit is reached stays out of the order."""
    wanted = world.dice.choice([[], [], ["TENTH"], ["MINUS5"], ["TENTH", "MINUS5"]])
    found = PromoCode.objects.filter(code__in=wanted, currency__in=["", currency]).order_by("pk")
    open_codes = [code for code in found if code.limit_total is None or code.used < code.limit_total]
    world.counts["promotional codes used"] += len(open_codes)
    return open_codes


def pay(world: World, invoice: Invoice, at: datetime) -> None:
    """Pay an invoice from the prepaid account, or with the card that the organization renews with."""
    invoice = Invoice.objects.select_related("organization").get(pk=invoice.pk)
    card = find_card(invoice.organization) if world.dice.random() < BY_CARD else None
    if card is not None:
        pay_with_method(invoice=invoice, method=card, actor=world.actor, at=at)
        world.counts["tried to pay by card"] += 1
    else:
        pay_from_prepaid(invoice=invoice, actor=world.actor, at=at)
    world.counts["invoices paid by hand"] += 1
    paid = Q(order__invoice=invoice) | Q(order__invoice__replaced_by=invoice)
    for hold in OrderHold.objects.filter(paid, organization_id=invoice.organization_id, held_at=at):
        world.counts["orders held"] += 1
        wait = timedelta(days=world.dice.choice([1, 3, 9, 11]))
        world.calendar[hold.held_at.date() + wait].append(f"{DECIDE}{hold.pk}")


def decide_hold(world: World, hold: OrderHold, at: datetime) -> None:
    """Let a held order go on or refuse it; what nobody answered in ten days ends by itself (PRD-5)."""
    if at >= hold.answer_by:
        world.counts["held orders ended by themselves"] += drain_holds(at=at)
        return
    verb = world.dice.choice([release_hold, release_hold, refuse_hold])
    verb(hold=hold, decision=Decision.STAFF, reason="Looked at", actor=STAFF, at=at)
    world.counts["held orders released" if verb is release_hold else "held orders refused"] += 1


def settle_order(world: World, at: datetime) -> None:
    """Pay or cancel an order that waits."""
    organization = choose_organization(world)
    waiting = list(
        Order.objects.filter(organization_id=organization.pk, status=OrderStatus.PENDING)
        .select_related("invoice__replaced_by")
        .order_by("pk")
    )
    if not waiting:
        return
    chosen = world.dice.choice(waiting)
    if world.dice.random() < 0.5:
        pay(world, chosen.payable, at)
    else:
        cancel_order(order=chosen, actor=world.actor, at=at)
        world.counts["orders cancelled"] += 1


def renew_by_hand(world: World, at: datetime) -> None:
    """Select up to three products and pay them as one invoice, or leave it."""
    organization = choose_organization(world)
    first = choose_product(world, organization, RENEWABLE, soon=True)
    second = choose_product(world, organization, RENEWABLE, soon=True)
    chosen = {row.pk: row for row in (first, second) if row is not None}
    if not chosen:
        return
    invoice = compose_selection(
        organization=organization,
        choices=[DueChoice(pk, product.months) for pk, product in sorted(chosen.items())],
        invoice_ids=[],
        actor=world.actor,
        at=at,
    )
    if world.dice.random() < 0.85:
        pay(world, invoice, at)
        world.counts["renewed by hand"] += len(chosen)


def restore_domain(world: World, at: datetime) -> None:
    """Order the restore of a domain in redemption, and mostly pay it."""
    organization = choose_organization(world)
    product = choose_product(world, organization, {ProductStatus.REDEMPTION})
    if product is None:
        return
    invoice = order_restore(product=product, actor=world.actor, at=at)
    if world.dice.random() < 0.85:
        pay(world, invoice, at)
        world.counts["domains restored"] += 1


def settle_issued(world: World, at: datetime) -> None:
    """Pay an issued invoice that waits (a renewal at the operator's risk); staff void one now and then."""
    organization = choose_organization(world)
    waiting = list(
        Invoice.objects.filter(organization_id=organization.pk, status=InvoiceStatus.OPEN).order_by("pk")
    )
    if not waiting:
        return
    if world.dice.random() < 0.8:
        pay(world, waiting[0], at)
        world.counts["issued invoices paid"] += 1
    else:
        void_invoice(invoice=waiting[0], reason="As a courtesy", actor=world.actor, at=at)
        world.counts["issued invoices voided"] += 1
