"""Domains for tests: with a redemption and its fee, with Renewal Warranty, expired unpaid."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from manager.kit.scope import tenant_scope
from organizations.profile.models import Organization
from products.catalog.models import Option, OptionPrice, Plan, Price
from products.inventory.models import Product, ProductOption
from products.inventory.periodic import drain_life
from tests.factories.billing import make_legal_entity
from tests.factories.products import LONG_AGO, make_plan, make_product, reread

GRACE, REDEMPTION, FEE = 10, 30, 12000


def noon(day: date) -> datetime:
    """Return noon in UTC of `day`."""
    return datetime.combine(day, time(12), tzinfo=UTC)


def make_domain_plan(**fields: Any) -> Plan:
    """Return a plan of domains whose restore costs 120.00."""
    make_legal_entity()
    plan = make_plan(**{"kind": "domain", "grace_days": GRACE, "redemption_days": REDEMPTION, **fields})
    Price.objects.bulk_create(
        Price(plan=plan, purpose="restore", currency=currency, months=0, amount=FEE, valid_from=LONG_AGO)
        for currency in ("CHF", "EUR")
    )
    return plan


def make_domain(organization: Organization, *, warranted: bool = False, **details: Any) -> Product:
    """Return an active domain, paid from 15 January 2026 for a year; with the option if `warranted`."""
    plan = details.pop("plan", None) or make_domain_plan()
    product = make_product(organization, plan=plan, **details)
    if warranted:
        texts = dict.fromkeys(("en", "fr", "de", "it", "es"), "Renewal Warranty")
        option = Option.objects.create(
            plan=plan, slug="renewal-warranty", kind="switch", names=texts, position=1
        )
        OptionPrice.objects.bulk_create(
            OptionPrice(option=option, currency="CHF", months=months, amount=500, valid_from=LONG_AGO)
            for months in (1, 12, 24)
        )
        with tenant_scope(organization.pk):
            ProductOption.objects.create(
                organization=organization, product=product, slug="renewal-warranty", quantity=1
            )
    return product


def expire(product: Product, *, days: int = 0) -> datetime:
    """Let the life of products go on to noon, `days` after the expiry of `product`; return that instant."""
    assert product.expires_on is not None
    at = noon(product.expires_on + timedelta(days=days))
    while drain_life(at=at):
        pass
    return at


def make_redeemable(organization: Organization, **details: Any) -> tuple[Product, datetime]:
    """Return a domain on the first day of its redemption, and that day's noon."""
    product = make_domain(organization, **details)
    at = expire(product, days=GRACE)
    row: Any = reread(product, organization)
    assert row.status == "redemption"
    return row, at
