"""The watch of a simulation looks anew at what people have touched, and at nothing else (PRD-8, BIL-11)."""

import random
from datetime import datetime

import pytest

from billing.engine.periodic import drain_renewals
from billing.payment_methods.services import use_prepaid
from billing.renewals.models import Renewal
from billing.renewals.periodic import drain_reminders
from billing.renewals.services import switch_off
from manager.demo.psp.testing import SandboxProcess
from manager.demo.simulation.faults import SimulationFailed
from manager.demo.simulation.watch import Watch
from manager.demo.simulation.world import World
from manager.kit.scope import tenant_scope
from manager.outbox.relay import drain_outbox
from organizations.profile.models import Organization
from tests.factories.billing import make_legal_entity
from tests.factories.cast import make_person, make_tenant
from tests.factories.products import make_product
from tests.factories.renewals import ACTOR, days_before, make_renewing


@pytest.fixture
def organization() -> Organization:
    """A tenant that renews from an empty prepaid account."""
    owner = make_person()
    organization = make_tenant(owner)
    with tenant_scope(organization.pk):
        use_prepaid(organization=organization, actor=ACTOR, at=days_before(90))
    return organization


@pytest.fixture
def watch(organization: Organization, psp: SandboxProcess) -> Watch:
    """The watch over a world of this one organization."""
    owner = make_person()
    return Watch(World(1, random.Random(1), owner, ACTOR, [organization], psp))


def work(watch: Watch, at: datetime) -> None:
    """Let the engine charge what is due, and compare."""
    drain_renewals(at=at)
    drain_outbox(at=at)
    watch.compare(at=at)


def test_what_shares_an_invoice_with_a_product_that_is_switched_off_is_charged_as_then_told(
    watch: Watch, organization: Organization
) -> None:
    """BIL-11: its own draft is taken back as well, and planned anew between two days of the schedule."""
    stays, leaves = make_renewing(organization, name="a.ch"), make_renewing(organization, name="b.ch")
    watch.note_acts({organization.pk}, at=days_before(20))
    for count in (14, 7):
        work(watch, days_before(count))
    with tenant_scope(organization.pk):
        switch_off(product=leaves, actor=ACTOR, at=days_before(5))
    drain_outbox(at=days_before(5))
    watch.note_acts({organization.pk}, at=days_before(5))
    work(watch, days_before(5))
    with tenant_scope(organization.pk):
        assert Renewal.objects.filter(organization_id=organization.pk, product=stays).count() == 2


def test_a_charge_that_nobody_was_told_of_is_found(watch: Watch, organization: Organization) -> None:
    """The simulation can fail, and says when and about what: it was switched off behind the watch's back."""
    product = make_renewing(organization)
    watch.note_acts({organization.pk}, at=days_before(20))
    with tenant_scope(organization.pk):
        switch_off(product=product, actor=ACTOR, at=days_before(15))
    found = rf"Seed 1, {days_before(14).date()}, product {product.pk}: charged: False, told True"
    with pytest.raises(SimulationFailed, match=found):
        work(watch, days_before(14))


def test_a_quiet_day_is_not_made_up_for(watch: Watch, organization: Organization) -> None:
    """BIL-12: of a day on which a worker found nothing, nobody is reminded on the next one."""
    make_legal_entity()
    product = make_product(organization)
    drain_reminders(at=days_before(31))
    watch.pass_day(at=days_before(30))
    watch.note_acts({organization.pk}, at=days_before(29))
    drain_reminders(at=days_before(29))
    watch.compare(at=days_before(29))
    assert watch.states[product.pk].owner == organization.pk
