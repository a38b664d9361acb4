"""Quote, invoice and covered days agree to the cent, on any day of any zone (PRD-10, PRD-14, BIL-16)."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from billing.changes.coverage import read_paid_days
from billing.changes.rules import ShorterTooEarly
from billing.changes.services import accept_change, quote_change
from billing.changes.services.quote import NothingChanged
from billing.changes.status import ChangeStatus
from billing.invoices.models import CreditNote, Invoice, InvoiceLine
from billing.invoices.status import InvoiceStatus
from billing.prepaid.selectors import prepaid_balance
from billing.to_pay.services import DueChoice, compose_selection
from manager.kit.scope import tenant_scope
from organizations.profile.models import Organization
from products.inventory.models import Product
from tests.factories.billing import ACTOR, make_legal_entity, pay_invoice
from tests.factories.cast import make_tenant
from tests.factories.orders import confirm_cart, fill_cart, reread_order, total_of
from tests.factories.products import make_option, make_plan, make_storage, reread

ZONES = (
    "Europe/Zurich",
    "America/St_Johns",
    "Australia/Lord_Howe",
    "Pacific/Kiritimati",
    "Pacific/Niue",
    "Africa/Cairo",
    "America/Santiago",
    "Asia/Beirut",
    "Asia/Kathmandu",
)
# Both clock changes of Zurich and of Lord Howe, days that begin at one o'clock in Cairo, Santiago and Beirut,
# a leap day, ends of long and short months.
EDGES = (
    date(2027, 3, 28),
    date(2027, 10, 31),
    date(2027, 4, 4),
    date(2027, 10, 3),
    date(2027, 4, 30),
    date(2027, 9, 5),
    date(2028, 2, 29),
    date(2027, 2, 28),
    date(2027, 8, 31),
    date(2027, 12, 31),
)
days = st.one_of(st.sampled_from(EDGES), st.dates(date(2026, 12, 1), date(2029, 1, 31)))
minutes = st.one_of(st.sampled_from((0, 59, 119, 120, 179, 1439)), st.integers(0, 1439))
acts = st.tuples(
    st.sampled_from(("plan", "quantity", "options", "months", "renew")), st.floats(0, 1), minutes
)


@dataclass
class Life:
    """One product, and the instant at which it is."""

    organization: Organization
    product: Product
    at: datetime

    @property
    def today(self) -> date:
        return self.at.astimezone(ZoneInfo(self.organization.time_zone)).date()

    def go_to(self, part: float, minute: int) -> None:
        """Go on by a part of the days left, to a minute of that day's clock, never back."""
        self.product = reread(self.product, self.organization)
        left = (self.product.expires_on - self.today).days - 1
        later = local(self.organization.time_zone, self.today + timedelta(days=int(left * part)), minute)
        self.at = max(later, self.at + timedelta(seconds=1))


def local(zone: str, day: date, minute: int) -> datetime:
    clock = time(minute // 60, minute % 60)
    return datetime.combine(day, clock, tzinfo=ZoneInfo(zone)).astimezone(UTC)


@pytest.fixture
def plans():
    make_legal_entity()
    odd = {(currency, m): 1_337 * m + 1 for currency in ("CHF", "EUR") for m in (1, 12, 24)}
    found = [make_plan(), make_plan(prices=odd)]
    for plan in found:
        make_option(plan)
        make_storage(plan)
    return found


def buy(plan, zone, begin, months):
    """Order and pay a plan; the cart says what the invoice says."""
    organization = make_tenant(time_zone=zone)
    fill_cart(organization, plan, months=months, name="Shop", options={"storage": 110}, at=begin)
    shown = total_of(organization, at=begin)
    order = reread_order(confirm_cart(organization, at=begin), organization)
    assert order.invoice.total_amount == shown
    pay_invoice(order.invoice, at=begin)
    return Life(organization, reread(order.lines.all()[0].product, organization), begin)


def change(life, kind, plans):
    """Change something; the quote is what is billed, and what is too much becomes balance."""
    product = life.product
    wanted = {
        "plan": {"plan": plans[product.plan_id == plans[0].pk]},
        "quantity": {"quantity": 4 - product.quantity},
        "options": {"options": {"privacy": 1} if product.quantity == 1 else {"storage": 410}},
        "months": {"months": 24 if product.months == 12 else 12},
    }[kind]
    with tenant_scope(product.organization_id):
        before = prepaid_balance(organization=life.organization).amount
        try:
            quoted = quote_change(product=product, at=life.at, **wanted)
        except (NothingChanged, ShorterTooEarly):
            return
        done = accept_change(change=quoted, actor=ACTOR, at=life.at)
    if done.status == ChangeStatus.ACCEPTED:
        assert done.invoice.total_amount == quoted.due_amount
        pay_invoice(done.invoice, at=life.at)
    with tenant_scope(product.organization_id):
        assert prepaid_balance(organization=life.organization).amount == before + quoted.surplus_amount
        if done.invoice_id:
            lines = InvoiceLine.objects.filter(invoice=done.invoice_id, net_amount__gt=0)
            billed = [(row.component, row.net_amount) for row in lines.order_by("position")]
            quoted_rows = [(row["component"], row["net"]) for row in quoted.charges]
            assert billed == [row for row in quoted_rows if row[1]]


def renew(life):
    with tenant_scope(life.product.organization_id):
        invoice = compose_selection(
            organization=life.organization,
            choices=[DueChoice(life.product.pk, life.product.months)],
            invoice_ids=[],
            actor=ACTOR,
            at=life.at,
        )
    pay_invoice(invoice, at=life.at)


def check(life, first_day):
    """Each day of the plan is paid once, no component twice, and the days kept are worth what was paid."""
    product = reread(life.product, life.organization)
    with tenant_scope(product.organization_id):
        paid = read_paid_days(product, on=first_day)
        invoices = Invoice.objects.filter(status=InvoiceStatus.PAID).values_list("total_amount", flat=True)
        notes = CreditNote.objects.values_list("total_amount", flat=True)
        money = sum(invoices) - sum(notes)
        assert not InvoiceLine.objects.filter(fulfilled_at=None, invoice__status="paid").exists()
    by_component = {}
    for row in paid:
        if row.covers[0] < row.covers[1]:
            by_component.setdefault(row.component, []).append(row.covers)
    for component, covers in by_component.items():
        assert all(one[1] <= other[0] for one, other in pairwise(sorted(covers))), component
    plan = sorted(by_component[""])
    assert (plan[0][0], plan[-1][1]) == (first_day, product.expires_on)
    assert all(one[1] == other[0] for one, other in pairwise(plan))
    kept = [row.value_from(row.covers[0]) for row in paid]
    assert sum(net.amount + tax.amount for net, tax in kept) == money


@settings(
    max_examples=8,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    begun=st.tuples(st.sampled_from(ZONES), days, minutes),
    months=st.sampled_from((1, 12, 12, 24)),
    done=st.lists(acts, min_size=1, max_size=4),
)
def test_nothing_is_billed_twice_and_nothing_lost(plans, begun, months, done):
    """PRD-10, PRD-14, BIL-16: by the real verbs, after any chain of changes and renewals."""
    life = buy(plans[0], begun[0], local(*begun), months)
    first_day = life.today
    for kind, part, minute_of_day in done:
        life.go_to(part, minute_of_day)
        if kind == "renew":
            renew(life)
        else:
            change(life, kind, plans)
        check(life, first_day)
