"""The coming 60 days run dry: what will fail, why, and that it goes once it is mended (BIL-11)."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from billing.ledger.models import Journal
from billing.payment_methods.models import PaymentMethod
from billing.prepaid.automatic import Wish, change_settings
from billing.rehearsal.models import Finding
from billing.rehearsal.periodic import drain_rehearsal
from billing.rehearsal.reasons import Reason
from billing.rehearsal.services import rehearse
from billing.runs.models import Run
from billing.runs.services import note_failure
from manager.kit.actor import Actor
from manager.kit.scope import tenant_scope
from manager.outbox.relay import drain_outbox
from organizations.profile.models import Organization
from products.catalog.models import Price
from products.inventory.models import Product
from tests.factories.cast import make_person, make_tenant
from tests.factories.payments import fill_prepaid
from tests.factories.renewals import EXPIRY, days_before, mails_called, make_card, make_renewing, plan, read

AT = days_before(40)
"""26 days before the charge of what `make_renewing` makes."""


@pytest.fixture
def organization() -> Organization:
    """Return an organization with a complete address."""
    made = make_tenant(make_person("Anna Weber"), name="Weber AG")
    with tenant_scope(made.pk):
        Organization.objects.filter(pk=made.pk).update(street="Weg 1", postal_code="8000", city="Zürich")
        made.refresh_from_db()
    return made


def look(organization: Organization, at: datetime = AT) -> list[tuple[str, Any, date | None]]:
    """Rehearse and return what stands then: reason, product and day."""
    with tenant_scope(organization.pk):
        count = rehearse(organization=organization, at=at)
        rows = Finding.objects.filter(organization_id=organization.pk).order_by("charge_on", "pk")
        found = [(row.reason, row.product_id, row.charge_on) for row in rows]
    assert count == len(found)
    return found


def change(organization: Organization, method: PaymentMethod, **values: object) -> None:
    """Write fields of a saved means."""
    with tenant_scope(organization.pk):
        PaymentMethod.objects.filter(organization_id=organization.pk, pk=method.pk).update(**values)


def test_a_charge_that_can_succeed_is_no_finding(organization: Organization) -> None:
    """A card that lasts, a price and an address: nothing is in the way."""
    make_renewing(organization)
    make_card(organization)
    assert look(organization) == []


def test_nothing_beyond_the_coming_60_days_is_looked_at(organization: Organization) -> None:
    """A charge in 61 days is not told of yet."""
    product = make_renewing(organization)
    first = EXPIRY - timedelta(days=14)
    assert look(organization, days_before(75)) == []
    assert look(organization, days_before(74)) == [(Reason.NO_MEANS, product.pk, first)]


def test_a_card_is_judged_by_the_day_of_the_charge(organization: Organization) -> None:
    """Expired now, and expired by then, are told apart; another means that lasts is charged instead."""
    product = make_renewing(organization)
    card = make_card(organization)
    on = EXPIRY - timedelta(days=14)
    change(organization, card, expiry_year=2026, expiry_month=12)
    assert look(organization) == [(Reason.CARD_ENDS, product.pk, on)]
    change(organization, card, expiry_month=11)
    assert look(organization) == [(Reason.CARD_EXPIRED, product.pk, on)]
    make_card(organization)
    assert look(organization) == []


def test_the_balance_is_spent_in_the_order_of_the_days(organization: Organization) -> None:
    """Three charges and money for two: the last by its day fails (BIL-3)."""
    products = [make_renewing(organization, name=f"{name}.example") for name in "abc"]
    with tenant_scope(organization.pk):
        Product.objects.filter(organization_id=organization.pk, pk=products[0].pk).update(
            expires_on=EXPIRY + timedelta(days=2)
        )
    card = make_card(organization)
    change(organization, card, kind="prepaid", gateway="prepaid", expiry_year=None)
    assert len(look(organization)) == 3
    with tenant_scope(organization.pk):
        each = Finding.objects.filter(organization_id=organization.pk).values_list("amount", flat=True)[0]
    fill_prepaid(organization, 2 * each)
    assert look(organization) == [(Reason.BALANCE_LOW, products[0].pk, EXPIRY - timedelta(days=12))]
    fill_prepaid(organization, each)
    assert look(organization) == []


def test_the_balance_pays_first_where_that_was_chosen(organization: Organization) -> None:
    """BIL-3: what it covers needs no means; where it covers a part, the means has to pay the rest."""
    product = make_renewing(organization)
    assert look(organization) == [(Reason.NO_MEANS, product.pk, EXPIRY - timedelta(days=14))]
    with tenant_scope(organization.pk):
        amount = Finding.objects.filter(organization_id=organization.pk).values_list("amount", flat=True)[0]
        wish = Wish(pays_renewals=True)
        change_settings(organization=organization, wish=wish, actor=Actor.system("test"), at=AT)
    fill_prepaid(organization, amount - 1)
    assert look(organization) == [(Reason.NO_MEANS, product.pk, EXPIRY - timedelta(days=14))]
    fill_prepaid(organization, 1)
    assert look(organization) == []


@pytest.mark.parametrize(
    "reason", ["wrong_currency", "no_price", "address", "left_out", "left_out of charges", "too_late"]
)
def test_each_obstacle_is_named(organization: Organization, reason: str) -> None:
    """Every other reason that the rehearsal knows is found where it is, and alone."""
    product = make_renewing(organization)
    card, at = make_card(organization), AT
    with tenant_scope(organization.pk):
        if reason == "wrong_currency":
            Organization.objects.filter(pk=organization.pk).update(currency="EUR")
            price = Price.objects.filter(plan=product.plan)
            assert price.filter(currency="EUR").exists()
            change(organization, card, kind="postfinance")
        elif reason == "no_price":
            Price.objects.using("owner").filter(plan=product.plan).update(valid_until=date(2026, 6, 1))
        elif reason == "address":
            Organization.objects.filter(pk=organization.pk).update(street="")
        elif reason == "left_out":
            for _ in range(3):
                note_failure(
                    kind="plan", subject_id=product.pk, organization_id=organization.pk, error="x", at=AT
                )
        elif reason == "left_out of charges":
            at = days_before(14)
            (invoice,) = plan(organization, at)
            for _ in range(3):
                note_failure(
                    kind="charge", subject_id=invoice.pk, organization_id=organization.pk, error="x", at=at
                )
        else:
            Product.objects.filter(organization_id=organization.pk).update(auto_renew=False)
            at = days_before(10)
        organization.refresh_from_db()
    found = look(organization, at)
    named = reason.partition(" ")[0]
    assert [(one[0], one[1]) for one in found] == [(named, None if reason == "address" else product.pk)]


def test_each_night_everybody_is_rehearsed_once_and_told_of_what_is_new(organization: Organization) -> None:
    """One run a night; a mail in each contact's language when a kind of trouble is new, and only then."""
    make_renewing(organization, name="a.example")
    make_renewing(organization, name="b.example")
    movements = read(Journal.objects.count, organization)
    assert (drain_rehearsal(at=AT), drain_rehearsal(at=AT)) == (1, 0)
    report = Run.objects.get(kind="rehearsal")
    assert (report.checked, report.failed, report.percent) == (1, 0, 100)
    drain_outbox(at=AT)
    [mail] = mails_called("rehearsal_found")
    assert "a.example" in mail.text
    assert "b.example" in mail.text
    make_renewing(organization, name="c.example")
    drain_rehearsal(at=AT + timedelta(days=1))
    drain_outbox(at=AT + timedelta(days=1))
    assert len(mails_called("rehearsal_found")) == 1
    assert len(read(lambda: list(Finding.objects.all()), organization)) == 3
    make_card(organization)
    drain_rehearsal(at=AT + timedelta(days=2))
    assert read(Finding.objects.count, organization) == 0
    assert read(Journal.objects.count, organization) == movements


def test_one_that_fails_does_not_stop_the_others(organization: Organization) -> None:
    """An organization whose products cannot be read is counted as failed; the next one is rehearsed."""
    make_renewing(organization)
    other = make_tenant(make_person("Bea Frei"), name="Frei AG")
    product = make_renewing(other)
    with tenant_scope(organization.pk):
        Organization.objects.filter(pk=organization.pk).update(time_zone="Nowhere/Land")
    assert drain_rehearsal(at=AT) == 1
    run = Run.objects.get(kind="rehearsal")
    assert (run.failed, run.reasons) == (1, {"ZoneInfoNotFoundError": 1})
    reasons = read(lambda: list(Finding.objects.values_list("reason", "product_id")), other)
    assert (Reason.NO_MEANS, product.pk) in reasons


def test_ten_times_the_products_cost_the_same_queries(organization: Organization, query_count: Any) -> None:
    """The number of queries does not grow with the products (PRF)."""
    make_renewing(organization)
    look(organization)
    with query_count() as few:
        look(organization)
    for _ in range(9):
        make_renewing(organization)
    with query_count() as many:
        look(organization)
    # What changed is written anew: one statement removes, one adds.
    assert many.count <= few.count + 2
