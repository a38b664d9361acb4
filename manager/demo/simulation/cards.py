"""What happens to the saved cards of a simulation: empty, filled again, lost, asking for an approval."""

from datetime import datetime, timedelta

from django.db.models import QuerySet

from billing.payment_methods.models import PaymentMethod
from billing.payment_methods.services import remove_method, use_prepaid
from manager.demo.simulation.choosing import choose_organization
from manager.demo.simulation.provider import ASKS, EMPTY, GATEWAY, LOST, PAYS, save_card
from manager.demo.simulation.world import World
from organizations.profile.models import Organization

# What is done on the day that was chosen for it, not at random.
RECOVER = "recover card "


def change_means(world: World, at: datetime) -> None:
    """Remove the means of payment, or bring the prepaid account back, or save a card."""
    organization = choose_organization(world)
    means = PaymentMethod.objects.filter(organization_id=organization.pk, removed_at=None).first()
    if means is None:
        if world.dice.random() < 0.5:
            use_prepaid(organization=organization, actor=world.actor, at=at)
        else:
            save_card(world.provider, organization, actor=world.actor, at=at)
        world.counts["means saved"] += 1
    elif world.dice.random() < 0.4:
        remove_method(method=means, actor=world.actor, at=at)
        world.counts["means removed"] += 1


def add_card(world: World, at: datetime) -> None:
    """Save one more card, up to three: it is charged where the others are refused for good."""
    organization = choose_organization(world)
    if _cards(organization).count() < 3:
        save_card(world.provider, organization, actor=world.actor, at=at)
        world.counts["cards saved"] += 1


def trouble_card(world: World, at: datetime) -> None:
    """Let a card be refused for some days, ask for an approval each time, or be lost."""
    cards = list(_cards(choose_organization(world)).order_by("pk"))
    if not cards:
        return
    card = world.dice.choice(cards)
    behaviour = world.dice.choice([EMPTY, EMPTY, EMPTY, ASKS, LOST])
    world.provider.set_means(card.reference, behaviour=behaviour)
    world.counts[f"cards: {behaviour}"] += 1
    if behaviour != LOST:
        days = world.dice.choice([2, 5, 9, 16, 30])
        world.calendar[at.date() + timedelta(days=days)].append(f"{RECOVER}{card.pk}")


def recover_card(world: World, card: PaymentMethod) -> None:
    """Let a card be charged again."""
    world.provider.set_means(card.reference, behaviour=PAYS)
    world.counts["cards recovered"] += 1


def find_card(organization: Organization) -> PaymentMethod | None:
    """Return the card that the organization's renewals are charged to, if it is one."""
    return _cards(organization).filter(is_default=True).first()


def _cards(organization: Organization) -> QuerySet[PaymentMethod]:
    return PaymentMethod.objects.filter(organization_id=organization.pk, gateway=GATEWAY, removed_at=None)
