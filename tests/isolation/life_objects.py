"""Makers for the life of products: a wish that waits, a product cooling off, a domain to restore."""

from datetime import timedelta
from typing import Any

from manager.kit.clock import now
from manager.kit.scope import tenant_scope
from organizations.profile.models import Organization
from products.catalog.models import Plan, Price
from products.inventory.models import Product
from products.inventory.services import enter_redemption, terminate_product
from products.termination.models import Termination
from products.termination.secrets import confirmation_key
from products.termination.services import ask_termination
from tests.factories.billing import make_legal_entity
from tests.factories.members import actor_of, first_representative
from tests.factories.products import ACTOR, LONG_AGO, make_plan, make_product
from tests.isolation.world import GRANTED_FAMILY, MAKERS, World, _numbers, word_of


def _plan(slug: str, **fields: Any) -> Plan:
    found = Plan.objects.filter(slug=slug).first()
    return found or make_plan(slug=slug, family=GRANTED_FAMILY, **fields)


def _product(world: World, organization: Organization, plan: Plan) -> Product:
    name = f"{word_of(world, organization)}-{next(_numbers)}.example"
    return make_product(organization, plan=plan, name=name, at=now() - timedelta(days=30))


def _termination(world: World, organization: Organization, made: dict[str, Any]) -> int:
    product = _product(world, organization, _plan("matrix-ending"))
    leader = first_representative(organization).user
    with tenant_scope(organization.pk):
        return ask_termination(
            organization=organization,
            product_ids=[product.pk],
            reason="other",
            user_id=leader.pk,
            actor=actor_of(leader),
            at=now(),
        ).pk


def _key(world: World, organization: Organization, made: dict[str, Any]) -> str:
    with tenant_scope(organization.pk):
        return confirmation_key(Termination.objects.get(pk=made["termination_id"]))


def _cooling(world: World, organization: Organization, made: dict[str, Any]) -> int:
    product = _product(world, organization, _plan("matrix-cooling", cooling_off_days=14))
    with tenant_scope(organization.pk):
        return terminate_product(product=product, actor=ACTOR, at=now(), by_wish=True).pk


def _redeemed(world: World, organization: Organization, made: dict[str, Any]) -> int:
    make_legal_entity()
    plan = _plan("matrix-domain", kind="domain", redemption_days=40)
    for currency in ("CHF", "EUR"):
        Price.objects.get_or_create(
            plan=plan,
            purpose="restore",
            currency=currency,
            months=0,
            valid_from=LONG_AGO,
            defaults={"amount": 12000},
        )
    product = _product(world, organization, plan)
    with tenant_scope(organization.pk):
        return enter_redemption(product=product, actor=ACTOR, at=now()).pk


MAKERS.update(
    {
        "termination_id": _termination,
        "termination_key": _key,
        "cooling_id": _cooling,
        "redeemed_id": _redeemed,
    }
)
