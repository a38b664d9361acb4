"""What the engine writes in sets is what the one draft of the house would be, row by row (BIL-6, BIL-11)."""

import random
from datetime import UTC, date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal

import pytest
from django.forms.models import model_to_dict

from billing.engine.prices import LONGEST
from billing.engine.services import plan_due
from billing.invoices.lines import renewal_lines
from billing.invoices.models import Invoice, InvoiceLine
from billing.invoices.services.draft import compose_draft
from billing.payment_methods.models import PaymentMethod
from billing.profiles.models import PurchaseOrder
from billing.profiles.purchase_orders import find_purchase_order
from billing.profiles.selectors import common_address, default_entity
from billing.renewals.models import Renewal, RenewalPreference
from billing.tax.quote import quote
from manager.kit.clock import add_months, day_in
from manager.kit.database.sets import insert_rows, take_ids
from manager.kit.scope import tenant_scope
from manager.outbox.models import OutboxEvent
from organizations.audit.models import AuditEvent
from organizations.profile.models import Organization, VatCheck
from products.catalog.price_book import read_price_book
from products.catalog.pricing import find_parts
from products.inventory.models import Product, ProductOption
from products.inventory.services import next_period
from tests.factories.billing import make_address, make_legal_entity
from tests.factories.portfolio import make_means
from tests.factories.products import make_option, make_plan, make_storage

AT = datetime(2026, 1, 15, 10, tzinfo=UTC)
DUE = datetime(2028, 2, 15, 12, tzinfo=UTC)  # 14 days before 29 February
LEAP_DAY = date(2028, 2, 29)
PLACES = [
    ("CH", "1207", ""), ("LI", "9490", ""), ("DE", "10115", ""), ("DE", "10115", "DE136695976"),
    ("FR", "75001", ""), ("ES", "35001", ""), ("IT", "00100", "not a number"), ("US", "10001", ""),
    ("AT", "1010", "ATU13585627"),
]  # fmt: skip
ZONES = ["Europe/Zurich", "Pacific/Kiritimati", "America/Los_Angeles", "UTC"]
NAMES = ["", "plain.example", 'quo"te\\slash, {brace} %s', "Zürich – ünïcode", "NULL", "n" * 190, "a\tb"]


def make_world(chance: random.Random) -> None:
    """Make organizations of many places, zones, currencies and languages, with products of all kinds."""
    make_legal_entity()
    odd = {(money, months): chance.randint(1, 99_999) for money in ("CHF", "EUR") for months in (1, 12, 24)}
    plans = [make_plan(prices=odd), make_plan(names=dict.fromkeys(("en", "fr", "de", "it", "es"), "L" * 100))]
    plans.append(make_plan(prices={("CHF", 12): 12345}))  # not sold in euros, and not by the month
    for plan in plans[:2]:
        make_option(plan)
        make_storage(plan)
    for key in take_ids(Organization, 12, using="system"):
        _make_organization(key, plans, chance)


def _make_organization(key, plans, chance):
    country, postal_code, number = chance.choice(PLACES)
    organization = Organization(
        pk=key, name=f"Client {key}", kind=chance.choice(["company", "private"]), street="Street 1",
        postal_code=postal_code, city="City", country=country, vat_number=number,
        currency=chance.choice(["CHF", "EUR"]), language=chance.choice(["en", "fr", "de", "it", "es"]),
        time_zone=chance.choice(ZONES), created_at=AT,
    )  # fmt: skip
    insert_rows([organization], using="system")
    address = make_address(organization, country="DE", postal_code="80331", is_default=chance.random() < 0.3)
    with tenant_scope(key):
        cards = [make_means(key), make_means(key)]
        cards[1].reference, cards[1].is_default = "other", False
        PaymentMethod.objects.bulk_create(cards)
        if number.startswith("DE"):
            state = chance.choice(["valid", "not_valid", "unavailable"])
            VatCheck.objects.create(
                organization=organization,
                number=number,
                state=state,
                asked_at=AT,
                answered_at=AT,
                reference="R1",
            )
        if chance.random() < 0.5:
            PurchaseOrder.objects.create(
                organization=organization, number=f"PO-{key}", valid_from=AT.date(), created_at=AT
            )
        for _ in range(chance.randint(1, 12)):
            _make_product(organization, chance.choice(plans), address, cards[1], chance)


def _make_product(organization, plan, address, card, chance):
    expires_on = LEAP_DAY - timedelta(days=chance.choice([0, 0, 1, 9]))
    product = Product.objects.create(
        organization=organization, plan=plan, family=plan.family.slug, name=chance.choice(NAMES),
        status="pending", months=chance.choice([1, 12, 24]), quantity=chance.randint(1, 7), auto_renew=True,
        expires_on=expires_on, anchor_day=chance.choice([None, expires_on.day, 30, 31]), created_at=AT,
    )  # fmt: skip
    for slug, units in (("privacy", 1), ("storage", 210)):
        if chance.random() < 0.3:
            ProductOption.objects.create(
                organization=organization, product=product, slug=slug, quantity=units
            )
    Product.objects.filter(organization_id=organization.pk, pk=product.pk).update(status="active")
    if chance.random() < 0.3:
        RenewalPreference.objects.create(
            organization=organization, product=product, address=address, method=chance.choice([None, card])
        )


def told(row, *but):
    """Return a row's values, without those that only a stored one has."""
    values = model_to_dict(row, exclude=["id", "invoice", *but]).items()
    return {name: value if isinstance(value, dict) else str(value) for name, value in values}


def options_of(product):
    """Return the units of each option that the product has."""
    return dict(ProductOption.objects.filter(product=product).values_list("slug", "quantity"))


def expected_draft(organization, invoice, products):
    """Return the invoice and lines of these products as any other draft is composed, each line by itself."""
    today, seller = day_in(organization.time_zone, DUE), default_entity()
    address = common_address(organization=organization, product_ids=[row.pk for row in products])
    book = read_price_book(plans=[row.plan for row in products], currency=organization.currency, on=today)
    lines = []
    for product in products:
        lines += renewal_lines(
            book=book, product=product, options=options_of(product), months=product.months,
            period=next_period(product=product, months=product.months), language=organization.language,
        )  # fmt: skip
    return compose_draft(
        organization=organization,
        quoted=quote(lines=lines, buyer=address, seller=seller, currency=organization.currency, on=today),
        address=address, seller=seller, origin="renewal", origin_key=invoice.origin_key,
        due_on=products[0].expires_on, at=DUE,
        purchase_order=find_purchase_order(
            organization=organization, address_id=address.address_id, on=today
        ),
    )  # fmt: skip


def check_invoice(organization, invoice) -> list[int]:
    """Compare an invoice with all that hangs on it; return its products."""
    lines = list(InvoiceLine.objects.filter(invoice=invoice).order_by("position"))
    ids = list(dict.fromkeys(line.product_id for line in lines))
    products = list(Product.objects.filter(pk__in=ids).select_related("plan").order_by("pk"))
    draft, rows = expected_draft(organization, invoice, products)
    assert told(invoice, "created_at") == told(draft, "created_at")
    assert invoice.created_at == draft.created_at
    assert [told(line) for line in lines] == [told(row) for row in rows]
    assert all(len(line.description) <= LONGEST for line in lines)
    for line in lines:  # half up, once for each line, said without the house's own function
        exact = Decimal(line.net_amount * line.tax_rate) / 10_000
        assert line.tax_amount == exact.quantize(Decimal(1), rounding=ROUND_HALF_UP)
    default = PaymentMethod.objects.get(is_default=True).pk
    means = dict(RenewalPreference.objects.exclude(method=None).values_list("product_id", "method_id"))
    today = day_in(organization.time_zone, DUE)
    for product in products:
        renewal = Renewal.objects.get(product=product)
        first, end = product.expires_on, next_period(product=product, months=product.months)[1]
        assert (renewal.period.lower, renewal.period.upper) == (first, end)
        assert end == add_months(first, product.months, anchor=product.anchor_day)
        assert told(renewal, "period", "settled_at", "lease_until") == {
            "organization": str(organization.pk), "product": str(product.pk), "months": str(product.months),
            "status": "planned", "method": str(means.get(product.pk, default)), "attempts": "0",
            "next_attempt_on": str(max(first - timedelta(days=14), today)), "created_at": str(DUE),
        }  # fmt: skip
        assert (renewal.invoice_id, renewal.lease_until, renewal.settled_at) == (invoice.pk, None, None)
    assert AuditEvent.objects.filter(name="invoice.drafted", subject_id=invoice.pk).count() == 1
    events = OutboxEvent.objects.using("system").filter(name="renewal.planned", payload__invoice=invoice.pk)
    assert [(row.organization_id, row.payload["due_on"], row.created_at) for row in events] == [
        (organization.pk, invoice.due_on.isoformat(), DUE)
    ]
    return ids


@pytest.mark.parametrize("seed", [1, 2])
def test_every_row_is_that_of_a_draft_composed_alone(seed):
    """Places, VAT, currencies, languages, zones, options, addresses, means, month ends, 29 February."""
    make_world(random.Random(seed))
    made = plan_due(at=DUE, batch=40)
    seen, invoices = [], 0
    for organization in Organization.objects.using("system").all():
        with tenant_scope(organization.pk):
            for invoice in Invoice.objects.all():
                seen += check_invoice(organization, invoice)
                invoices += 1
            left = Product.objects.exclude(pk__in=seen).select_related("plan")
            today = day_in(organization.time_zone, DUE)
            for product in left:  # it is not due by the calendar there, or not sold like this
                book = read_price_book(plans=[product.plan], currency=organization.currency, on=today)
                parts = find_parts(
                    book, plan=product.plan, months=product.months, quantity=1, options=options_of(product)
                )
                assert product.expires_on > today + timedelta(days=14) or parts is None
    assert made == invoices > 12
    assert len(seen) == len(set(seen)) > 30
