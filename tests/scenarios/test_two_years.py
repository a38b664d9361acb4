"""Two years of renewals, day by day, with refusals, outages and people who change their minds (INC-26)."""

import random
from collections import defaultdict
from datetime import UTC, date, datetime, time, timedelta

import pytest

from billing.invoices.models import Invoice, InvoiceLine
from billing.ledger.models import AccountKind
from billing.payments.models import PaymentAttempt
from billing.payments.status import OPEN
from billing.renewals.models import Renewal
from billing.renewals.services import AutoRenewRefused, switch_off, switch_on
from manager.kit.actor import Actor
from manager.kit.scope import tenant_scope
from manager.schedule import get_periodic
from products.inventory.models import Product
from tests.factories.cast import make_tenant
from tests.factories.payments import entries_of, make_method, provider
from tests.factories.products import make_plan
from tests.factories.renewals import make_renewing

PERSON = Actor.system("test")
BEGIN = date(2027, 1, 1)
DAYS = 2 * 365 + 1
ZONES = ("Europe/Zurich", "America/Los_Angeles", "Pacific/Kiritimati")
# For each zone the day on which its products began: the end of a month, a leap-day candidate, any day.
BIRTHDAYS = (date(2026, 12, 31), date(2026, 12, 29), date(2026, 12, 10))


@pytest.fixture
def portfolio(psp):
    """Return organizations in three zones, each with products of one month and of a year."""
    plan = make_plan()
    organizations = []
    for zone, day in zip(ZONES, BIRTHDAYS, strict=True):
        organization = make_tenant(time_zone=zone)
        organization.card = make_method(organization)
        for months in (1, 1, 12):
            at = datetime.combine(day, time(15), tzinfo=UTC)
            make_renewing(organization, plan=plan, months=months, at=at)
        organizations.append(organization)
    return organizations


def change_something(organization, dice, at):
    """Let the card refuse or accept today, and now and then let a person use the switch."""
    refuses = dice.random() < 0.25
    if refuses != getattr(organization, "refuses", False):
        behaviour = "decline_charge:insufficient_funds" if refuses else "ok"
        provider().set_means(organization.card.reference, behaviour=behaviour)
        organization.refuses = refuses
    if dice.random() > 0.005:
        return
    with tenant_scope(organization.pk):
        product = dice.choice(list(Product.objects.select_related("organization").order_by("pk")))
        try:
            verb = switch_off if product.auto_renew else switch_on
            verb(product=product, actor=PERSON, at=at)
        except AutoRenewRefused:
            pass


def work(at):
    """Do what moves money and days; documents and mails have tests of their own."""
    drains = [get_periodic(name) for name in ("payments", "renewals", "life", "outbox")]
    while sum(drain.run(at) for drain in drains):
        pass


def days_of(organization):
    """Return by product the paid periods, in order."""
    with tenant_scope(organization.pk):
        paid = InvoiceLine.objects.filter(invoice__status="paid", counts=True).order_by("period")
        found = defaultdict(list)
        for product_id, period in paid.values_list("product_id", "period"):
            found[product_id].append((period.lower, period.upper))
        return found


def test_no_day_twice_no_gap_and_the_money_agrees(portfolio):
    """INC-26, BIL-11, BIL-16: each day of a product is billed once, in every zone, whatever happens."""
    dice = random.Random(20261122)
    begins = {}
    for organization in portfolio:
        with tenant_scope(organization.pk):
            begins |= dict(Product.objects.values_list("pk", "expires_on"))
    number = 0
    while number < DAYS:
        at = datetime.combine(BEGIN, time(dice.randrange(24), tzinfo=UTC)) + timedelta(days=number)
        for organization in portfolio:
            change_something(organization, dice, at)
        work(at)
        # Now and then nothing runs for some days.
        number += dice.choices([1, 2, 3, 6], weights=[50, 30, 15, 5])[0]

    renewed = 0
    for organization in portfolio:
        periods = days_of(organization)
        with tenant_scope(organization.pk):
            for product in Product.objects.all():
                reached = begins[product.pk]
                for lower, upper in periods[product.pk]:
                    assert lower == reached, (product.pk, lower, reached)
                    reached = upper
                    renewed += 1
                assert product.expires_on == reached
            check_money(organization)
            assert not PaymentAttempt.objects.filter(status__in=OPEN).exists()
            settled = Renewal.objects.filter(status="settled")
            assert settled.count() == sum(len(found) for found in periods.values())
    assert renewed > 50, "the simulation renewed next to nothing"


def check_money(organization):
    """The provider's journal, the paid invoices and the ledger say the same."""
    invoices = Invoice.objects.filter(status="paid")
    taken = [
        entry["amount"]
        for entry in provider().charges()
        if entry["metadata"]["organization"] == str(organization.pk)
    ]
    assert sorted(taken) == sorted(invoices.values_list("total_amount", flat=True))
    assert sum(entries_of(organization, AccountKind.PROVIDER)) == -sum(taken)
    assert sum(entries_of(organization, AccountKind.RECEIVABLE)) == 0
