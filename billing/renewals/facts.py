"""What `describe` is told of products: prices, options, means, addresses, renewals and refusals (BIL-10)."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import Case, Exists, OuterRef, Q, When

from billing.invoices.models import Invoice
from billing.payment_methods.models import PaymentMethod
from billing.payments.models import PaymentAttempt
from billing.profiles.models import BillingAddress
from billing.renewals.kept import (
    OF_COMING_PERIOD,
    REFUSED_FOR_GOOD,
    OtherMeans,
    saved_means,
    tried_for,
    usable_of,
)
from billing.renewals.models import Renewal, RenewalPreference
from billing.renewals.status import OPEN
from manager.kit.jsonrows import model_of, names_of, rows_of
from organizations.profile.models import Organization
from products.catalog.price_book import book_of, book_rows
from products.catalog.pricing import PriceBook
from products.inventory.models import Product, ProductOption

SAVED = ("id", "organization_id", "kind", "gateway")
DECLINED = ("id", "invoice_id", "status", "decline_code", "decline_message")


@dataclass(frozen=True, slots=True)
class Facts:
    """What holds for products: `chosen` by product, `planned` oldest first, `others` for `kept_refusals`."""

    book: PriceBook
    fallback: PaymentMethod | None = None
    options: dict[int, dict[str, int]] = field(default_factory=dict)
    chosen: dict[int, RenewalPreference] = field(default_factory=dict)
    planned: list[Renewal] = field(default_factory=list)
    attempts: list[PaymentAttempt] = field(default_factory=list)
    others: OtherMeans | None = None


def read_facts(*, organization: Organization, products: list[Product], on: date) -> Facts:
    """Return what holds for the products, at the prices of the day `on`. One query."""
    owner, ids = organization.pk, [product.pk for product in products]
    preferences = RenewalPreference.objects.filter(organization_id=owner, product__in=ids)
    planned = Renewal.objects.filter(
        Q(status__in=OPEN) | OF_COMING_PERIOD, organization_id=owner, product__in=ids
    )
    methods = PaymentMethod.objects.filter(
        Q(is_default=True, removed_at=None) | Q(pk__in=preferences.values("method")), organization_id=owner
    )
    invoices = Invoice.objects.filter(pk__in=planned.values("invoice"), organization_id=owner)
    addresses = BillingAddress.objects.filter(pk__in=preferences.values("address"), organization_id=owner)
    attempts = PaymentAttempt.objects.filter(
        invoice__in=planned.values("invoice"), decline_code__gt="", organization_id=owner
    )
    options = ProductOption.objects.filter(organization_id=owner, product__in=ids).order_by("slug")
    # Looked for where a means was refused for good alone.
    for_good = OF_COMING_PERIOD & REFUSED_FOR_GOOD
    saved = saved_means().filter(Exists(planned.filter(for_good)), organization_id=owner)
    tried = tried_for(OuterRef("product"), OuterRef("product__expires_on"), organization_id=owner)
    told = {
        "told_book": book_rows(
            plans=[product.plan for product in products], currency=organization.currency, on=on
        ),
        "told_options": rows_of(options, ("product_id", "slug", "quantity")),
        "told_preferences": rows_of(preferences, names_of(RenewalPreference)),
        "told_methods": rows_of(methods, names_of(PaymentMethod)),
        "told_addresses": rows_of(addresses, names_of(BillingAddress)),
        "told_invoices": rows_of(invoices, names_of(Invoice)),
        "told_attempts": rows_of(attempts.order_by("pk"), DECLINED),
        "told_planned": rows_of(
            planned.order_by("pk"),
            names_of(Renewal, but=["period"]),
            first_day="period__startswith",
            end_day="period__endswith",
            tried=Case(When(for_good, then=ArraySubquery(tried.values("method")))),
        ),
        "told_saved": rows_of(saved, SAVED),
    }
    if not products:
        return Facts(book_of((), currency=organization.currency))
    row = Organization.objects.filter(pk=organization.pk).annotate(**told).values(*told).get()
    return _read(row, organization)


def _read(told: dict[str, Any], organization: Organization) -> Facts:
    methods = {row["id"]: model_of(PaymentMethod, row) for row in told["told_methods"]}
    addresses = {row["id"]: model_of(BillingAddress, row) for row in told["told_addresses"]}
    options: dict[int, dict[str, int]] = defaultdict(dict)
    for row in told["told_options"]:
        options[row["product_id"]][row["slug"]] = row["quantity"]
    chosen = {}
    for row in told["told_preferences"]:
        preference = model_of(RenewalPreference, row)
        preference.method = methods.get(row["method_id"])
        preference.address = addresses.get(row["address_id"])
        chosen[preference.product_id] = preference
    return Facts(
        book=book_of(told["told_book"], currency=organization.currency),
        fallback=next((one for one in methods.values() if one.is_default and one.removed_at is None), None),
        options=options,
        chosen=chosen,
        planned=_planned(told),
        attempts=[model_of(PaymentAttempt, row) for row in told["told_attempts"]],
        others=_others(told, organization),
    )


def _others(told: dict[str, Any], organization: Organization) -> OtherMeans:
    saved = [model_of(PaymentMethod, row) for row in told["told_saved"]]
    return OtherMeans(
        {row["product_id"]: row["tried"] for row in told["told_planned"] if row["tried"]},
        usable_of(saved, {organization.pk: organization.currency}),
    )


def _planned(told: dict[str, Any]) -> list[Renewal]:
    invoices = {row["id"]: model_of(Invoice, row) for row in told["told_invoices"]}
    found = []
    for row in told["told_planned"]:
        days = (date.fromisoformat(row[name]) for name in ("first_day", "end_day"))
        renewal = model_of(Renewal, row, period=DateRange(*days))
        renewal.invoice = invoices[renewal.invoice_id]
        found.append(renewal)
    return found
