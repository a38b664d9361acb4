"""What people do with their products in a simulation: switches, changes of the offer, ends, transfers."""

from datetime import datetime

from billing.changes.models import ChangeQuote
from billing.changes.rules import list_choices
from billing.changes.services import accept_change, quote_change, withdraw_change
from billing.changes.status import ChangeStatus
from billing.renewals.services import switch_off, switch_on
from manager.demo.simulation.buying import pay
from manager.demo.simulation.choosing import choose_organization, choose_product
from manager.demo.simulation.world import OPTIONS, SUFFIXES, World
from manager.kit.fields import PERIOD_MONTHS
from products.inventory.services import restore_product
from products.inventory.status import LIVING, RENEWABLE, ProductStatus
from products.termination.secrets import confirmation_key
from products.termination.services import ask_termination, confirm_termination, withdraw_termination
from products.transfer.models import Transfer
from products.transfer.secrets import transfer_key
from products.transfer.services import accept_transfer, offer_transfer, refuse_transfer, withdraw_transfer
from products.transfer.status import TransferStatus


def switch(world: World, at: datetime) -> None:
    """Switch automatic renewal on or off."""
    product = choose_product(world, choose_organization(world), RENEWABLE)
    if product is not None:
        verb = switch_off if product.auto_renew else switch_on
        verb(product=product, actor=world.actor, at=at)
        world.counts["switched off" if product.auto_renew else "switched on"] += 1


def change_offer(world: World, at: datetime) -> None:
    """Change plan, period, quantity or options; most changes that cost something are paid."""
    dice = world.dice
    product = choose_product(world, choose_organization(world), {ProductStatus.ACTIVE})
    if product is None:
        return
    wanted: dict[str, object] = {}
    kind = dice.choice(["plan", "months", "quantity", "options"])
    if kind == "plan":
        wanted["plan"] = dice.choice(list_choices(product))
    elif kind == "months":
        wanted["months"] = dice.choice(PERIOD_MONTHS[:4])
    elif kind == "quantity":
        wanted["quantity"] = dice.choice([1, 2, 3, 5])
    else:
        slug = product.plan.slug
        wanted["options"] = dice.choice(OPTIONS.get("domain" if slug in SUFFIXES else slug, ({},)))
    change = quote_change(product=product, at=at, **wanted)  # type: ignore[arg-type]  # by name above
    accepted = accept_change(change=change, actor=world.actor, at=at)
    world.counts["changes accepted"] += 1
    if accepted.status == ChangeStatus.ACCEPTED and accepted.invoice is not None and dice.random() < 0.85:
        pay(world, accepted.invoice, at)


def withdraw_a_change(world: World, at: datetime) -> None:
    """Take a change back that waits for its payment."""
    organization = choose_organization(world)
    waiting = ChangeQuote.objects.filter(organization_id=organization.pk, status=ChangeStatus.ACCEPTED)
    change = waiting.select_related("organization", "product", "invoice").order_by("pk").first()
    if change is not None:
        withdraw_change(change=change, actor=world.actor, at=at)
        world.counts["changes withdrawn"] += 1


def terminate(world: World, at: datetime) -> None:
    """Ask to terminate a product; most wishes are confirmed by their link, some withdrawn or forgotten."""
    organization = choose_organization(world)
    product = choose_product(world, organization, LIVING)
    if product is None:
        return
    wish = ask_termination(
        organization=organization,
        product_ids=[product.pk],
        reason="moved",
        user_id=world.owner.pk,
        actor=world.actor,
        at=at,
    )
    chance = world.dice.random()
    if chance < 0.7:
        confirm_termination(termination=wish, key=confirmation_key(wish), actor=world.actor, at=at)
        world.counts["terminated by wish"] += 1
    elif chance < 0.85:
        withdraw_termination(termination=wish, actor=world.actor, at=at)


def take_back(world: World, at: datetime) -> None:
    """Let a terminated product come back within its days of cooling off."""
    organization = choose_organization(world)
    product = choose_product(world, organization, {ProductStatus.TERMINATED})
    if product is not None:
        restore_product(product=product, actor=world.actor, at=at)
        world.counts["restored in cooling off"] += 1


def transfer(world: World, at: datetime) -> None:
    """Offer a product to another organization, which accepts, refuses, or forgets it."""
    organization = choose_organization(world)
    others = [row for row in world.organizations if row.pk != organization.pk]
    product = choose_product(world, organization, RENEWABLE)
    if product is None or not others:
        return
    recipient = world.dice.choice(others)
    offered: Transfer = offer_transfer(
        product=product, recipient=recipient, user_id=world.owner.pk, actor=world.actor, at=at
    )
    chance = world.dice.random()
    if chance < 0.6:
        accept_transfer(key=transfer_key(offered), recipient=recipient, actor=world.actor, at=at)
        world.counts["transferred"] += 1
    elif chance < 0.75:
        refuse_transfer(transfer=offered, actor=world.actor, at=at)
    elif chance < 0.9 and offered.status == TransferStatus.OFFERED:
        withdraw_transfer(transfer=offered, actor=world.actor, at=at)
