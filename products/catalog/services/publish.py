"""Put families and plans on sale, and take them off (PRD-1)."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from manager.kit.actor import Actor
from manager.kit.errors import DomainError
from products.catalog.differences import Difference
from products.catalog.journal import Stamp
from products.catalog.models import Family, Plan, Purpose
from products.catalog.services.edit import refuse_taken_extension
from products.catalog.services.store import lock_catalog, store_differences
from products.catalog.snapshot import read_prices_of
from products.catalog.timeline import since


class PlanNotReady(DomainError):
    """A plan without any price cannot be sold."""

    code = "plan_not_ready"
    status = 409
    message = _("This plan has no price that holds today or later. Set one first.")


@transaction.atomic
def publish_plan(*, plan: Plan, today: date, actor: Actor, at: datetime) -> Plan:
    """Offer a plan in the shop.

    :raises PlanNotReady: it has no price of today or later.
    :raises ExtensionTaken: another plan on sale has its extension.
    """
    lock_catalog()
    present = Plan.objects.select_related("family").get(pk=plan.pk)
    lines = [line for key, line in read_prices_of(present).items() if key.purpose == Purpose.RENEW]
    if not any(since(line, today) for line in lines):
        raise PlanNotReady
    refuse_taken_extension(present, present.extension)
    return _switch_plan(present, on=True, stamp=Stamp(actor, at))


@transaction.atomic
def withdraw_plan(*, plan: Plan, actor: Actor, at: datetime) -> Plan:
    """Take a plan off the shop: nobody can order it, and its products live on and are renewed."""
    lock_catalog()
    present = Plan.objects.select_related("family").get(pk=plan.pk)
    return _switch_plan(present, on=False, stamp=Stamp(actor, at))


@transaction.atomic
def publish_family(*, family: Family, actor: Actor, at: datetime) -> Family:
    """Show a family in menu and shop."""
    return _switch_family(family, on=True, stamp=Stamp(actor, at))


@transaction.atomic
def withdraw_family(*, family: Family, actor: Actor, at: datetime) -> Family:
    """Take a family with all its plans off menu and shop; its products live on."""
    return _switch_family(family, on=False, stamp=Stamp(actor, at))


def _switch_plan(plan: Plan, *, on: bool, stamp: Stamp) -> Plan:
    if plan.is_orderable != on:
        change = Difference(plan.family.slug, plan.slug, "", {"is_orderable": not on}, {"is_orderable": on})
        store_differences([change], stamp)
        plan.refresh_from_db()
    return plan


def _switch_family(family: Family, *, on: bool, stamp: Stamp) -> Family:
    lock_catalog()
    present = Family.objects.get(pk=family.pk)
    if present.is_published != on:
        change = Difference(present.slug, "", "", {"is_published": not on}, {"is_published": on})
        store_differences([change], stamp)
        present.refresh_from_db()
    return present
