"""The page of a product whose order is held (PRD-5, UI-6)."""

from django.urls import reverse

from billing.holds.services import release_hold
from billing.holds.status import Decision
from manager.kit.scope import tenant_scope
from tests.factories.billing import make_legal_entity
from tests.factories.cast import client_of, make_person, make_tenant
from tests.factories.holds import STAFF, make_hold, place
from tests.factories.payments import now


def shown(organization, order, client):
    with tenant_scope(organization.pk):
        product = order.lines.get().product_id
    return client.get(reverse("products:product", args=[organization.pk, product])).content.decode()


def test_says_that_it_is_paid_and_being_checked():
    """PRD-5: rather than that it waits for a payment; released, it says neither."""
    make_legal_entity()
    owner = make_person()
    organization, client = make_tenant(owner), client_of(owner)
    hold = make_hold(organization, owner.pk)
    page = shown(organization, hold.order, client)
    assert "Paid, being checked" in page
    assert "waits for its payment" not in page
    with tenant_scope(organization.pk):
        release_hold(hold=hold, decision=Decision.STAFF, reason="Known", actor=STAFF, at=now())
    assert "being checked" not in shown(organization, hold.order, client)


def test_another_still_waits_for_its_payment():
    """PRD-4."""
    make_legal_entity()
    owner = make_person()
    organization = make_tenant(owner)
    page = shown(organization, place(organization, owner.pk), client_of(owner))
    assert "waits for its payment" in page
    assert "being checked" not in page
