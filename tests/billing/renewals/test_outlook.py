"""What a customer reads on "what happens next" is what the engine does (PRD-8, BIL-11)."""

from datetime import datetime

import pytest

from billing.changes.services import accept_change, quote_change, withdraw_change
from billing.engine.periodic import drain_renewals
from billing.payment_methods.services import remove_method, use_prepaid
from billing.payments.models import Initiator, PaymentAttempt
from manager.kit.clock import day_in
from manager.kit.scope import tenant_scope
from manager.outbox.relay import drain_outbox
from organizations.profile.models import Organization
from products.inventory.models import Product
from products.inventory.outlook import find_outlook
from products.inventory.periodic import drain_life
from products.inventory.status import ProductStatus
from products.inventory.timeline import StepKind, timeline
from tests.factories.cast import make_tenant
from tests.factories.payments import fill_prepaid
from tests.factories.renewals import ACTOR, days_before, make_renewing


@pytest.fixture
def organization() -> Organization:
    """A tenant with a balance, and no means of payment yet."""
    organization = make_tenant()
    fill_prepaid(organization, 500_000)
    return organization


def told_charges(product: Product, at: datetime) -> list[int]:
    """Return in how many days from `at` the product's page tells a charge or another try."""
    with tenant_scope(product.organization_id):
        product = Product.objects.select_related("plan", "organization").get(pk=product.pk)
        today = day_in(product.organization.time_zone, at)
        steps = timeline(product, today, find_outlook(product, at=at))
    kinds = (StepKind.CHARGE, StepKind.RETRY)
    return [(step.on - today).days for step in steps if step.kind in kinds]


def charges_made(organization: Organization, at: datetime) -> int:
    """Let the engine work at `at`; return how many charges it made."""
    drain_renewals(at=at)
    with tenant_scope(organization.pk):
        return PaymentAttempt.objects.filter(created_at=at, initiator=Initiator.RENEWAL).count()


def test_planned_after_its_day_it_is_charged_at_once_and_says_so(organization: Organization) -> None:
    """BIL-11: no means of payment on the day of the first charge, one the day after."""
    product = make_renewing(organization)
    assert charges_made(organization, days_before(14)) == 0
    assert told_charges(product, days_before(14)) == []
    with tenant_scope(organization.pk):
        use_prepaid(organization=organization, actor=ACTOR, at=days_before(13))
    assert told_charges(product, days_before(13)) == [0, 6, 10, 12, 13]
    assert charges_made(organization, days_before(13)) == 1


def test_a_means_brought_back_is_charged_at_once_and_says_so(organization: Organization) -> None:
    """BIL-9: the means was removed before the day, and comes back in the middle of the schedule."""
    product = make_renewing(organization)
    with tenant_scope(organization.pk):
        method = use_prepaid(organization=organization, actor=ACTOR, at=days_before(20))
        remove_method(method=method, actor=ACTOR, at=days_before(20))
        use_prepaid(organization=organization, actor=ACTOR, at=days_before(5))
    assert told_charges(product, days_before(5)) == [0, 2, 4, 5]
    assert charges_made(organization, days_before(5)) == 1


def test_a_suspended_product_is_charged_to_a_new_means_and_says_so(organization: Organization) -> None:
    """PRD-8: within its days of grace; there is no later day of the schedule."""
    product = make_renewing(organization)
    drain_life(at=days_before(0))
    assert told_charges(product, days_before(0)) == []
    with tenant_scope(organization.pk):
        use_prepaid(organization=organization, actor=ACTOR, at=days_before(-2))
    assert told_charges(product, days_before(-2)) == [0]
    assert charges_made(organization, days_before(-2)) == 1
    drain_outbox(at=days_before(-2))
    with tenant_scope(organization.pk):
        product.refresh_from_db()
    assert product.status == ProductStatus.ACTIVE


def test_a_charge_waits_for_a_change_of_the_offer_and_says_so(organization: Organization) -> None:
    """PRD-10: its price is not known before; what is not paid on its day is taken back."""
    product = make_renewing(organization, quantity=1)
    day = days_before(14)
    with tenant_scope(organization.pk):
        use_prepaid(organization=organization, actor=ACTOR, at=days_before(20))
        change = accept_change(change=quote_change(product=product, quantity=2, at=day), actor=ACTOR, at=day)
        assert change.invoice is not None
    assert told_charges(product, day) == [1, 7, 11, 13, 14]
    assert charges_made(organization, day) == 0
    with tenant_scope(organization.pk):
        withdraw_change(change=change, actor=ACTOR, at=day)
    assert told_charges(product, day) == [0, 7, 11, 13, 14]
    assert charges_made(organization, day) == 1
