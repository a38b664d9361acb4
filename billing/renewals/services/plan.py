"""Plan what falls due: one invoice per organization, day, means, address and currency (BIL-11)."""

import hashlib
from collections import defaultdict
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from billing.changes.models import ChangeQuote
from billing.changes.status import ChangeStatus
from billing.invoices.lines import renewal_lines
from billing.invoices.models import Invoice, InvoiceLine
from billing.invoices.services import PeriodAlreadyBilled, draft_invoice
from billing.payment_methods.models import PaymentMethod
from billing.payment_methods.selectors import default_method
from billing.profiles.party import Party
from billing.profiles.selectors import default_address, party_of
from billing.renewals.models import Renewal, RenewalPreference
from billing.renewals.rules import FIRST_CHARGE_DAYS, first_attempt_on
from billing.tax.quote import LineInput
from manager.kit.actor import Actor
from manager.kit.clock import day_in
from manager.outbox.publish import publish
from organizations.profile.models import Organization
from products.catalog.price_book import read_price_book
from products.catalog.selectors import PriceNotFound
from products.inventory.models import Product
from products.inventory.selectors import find_options
from products.inventory.services import next_period
from products.inventory.status import RENEWABLE


@dataclass(frozen=True, slots=True)
class _Group:
    """What makes renewals one invoice and one charge."""

    expires_on: date
    method: PaymentMethod
    address: Party


@transaction.atomic
def plan_renewals(*, organization: Organization, actor: Actor, at: datetime) -> list[Invoice]:
    """Write the renewals of all products of `organization` that fall due by `at`, with their draft invoices.

    A product is due 14 days before its expiry, by the organization's calendar. What is planned already,
    or stands on another invoice, is left alone; the row lock on the organization and the exclusion
    constraint on (product, period) make it safe to plan from any number of workers (BIL-16).
    Publishes `renewal.planned` for each invoice.
    """
    Organization.objects.select_for_update(no_key=True).get(pk=organization.pk)
    today = day_in(organization.time_zone, at)
    products = _due_products(organization, today)
    if not products:
        return []
    return [
        invoice
        for group, members in _grouped(organization, products).items()
        if (invoice := _plan_group(organization, group, members, actor, at))
    ]


def _due_products(organization: Organization, today: date) -> list[Product]:
    until = today + timedelta(days=FIRST_CHARGE_DAYS)
    due = (
        Product.objects.filter(
            organization_id=organization.pk, auto_renew=True, status__in=RENEWABLE, expires_on__lte=until
        )
        .select_related("plan")
        .order_by("expires_on", "pk")
    )
    found = list(due)
    busy = _already_planned(organization, found)
    return [product for product in found if product.pk not in busy]


def _already_planned(organization: Organization, products: Sequence[Product]) -> set[int | None]:
    """Return the products whose coming days stand on a renewal or on another invoice already."""
    expiry = {product.pk: product.expires_on for product in products}
    # The price of one whose offer is about to change is not known before that is paid.
    changing = ChangeQuote.objects.filter(
        organization_id=organization.pk, product_id__in=expiry, status=ChangeStatus.ACCEPTED
    )
    busy: set[int | None] = set(changing.values_list("product_id", flat=True))
    renewals = Renewal.objects.filter(organization_id=organization.pk, product_id__in=expiry).exclude(
        status="cancelled"
    )
    lines = InvoiceLine.objects.filter(
        organization_id=organization.pk, product_id__in=expiry, counts=True, covers__isnull=False
    )
    for product_id, period in [
        *renewals.values_list("product_id", "period"),
        *lines.values_list("product_id", "period"),
    ]:
        if product_id is not None and period.upper > expiry[product_id]:
            busy.add(product_id)
    return busy


def _grouped(organization: Organization, products: Sequence[Product]) -> dict[_Group, list[Product]]:
    preferences = {
        preference.product_id: preference
        for preference in RenewalPreference.objects.filter(
            organization_id=organization.pk, product__in=products
        ).select_related("method", "address")
    }
    fallback, home = default_method(organization=organization), default_address(organization=organization)
    groups: dict[_Group, list[Product]] = defaultdict(list)
    for product in products:
        chosen = preferences.get(product.pk)
        method = chosen.method if chosen and chosen.method and chosen.method.removed_at is None else fallback
        if method is None:
            continue  # nothing to charge: the contacts are reminded instead (BIL-12)
        address = party_of(chosen.address, organization=organization) if chosen and chosen.address else home
        if product.expires_on is not None:  # always so for a renewable product, by constraint
            groups[_Group(product.expires_on, method, address)].append(product)
    return groups


def _plan_group(
    organization: Organization,
    group: _Group,
    products: Sequence[Product],
    actor: Actor,
    at: datetime,
) -> Invoice | None:
    today = day_in(organization.time_zone, at)
    lines = _lines(organization, products, today)
    if not lines:
        return None
    try:
        invoice = draft_invoice(
            organization=organization,
            lines=lines,
            address=group.address,
            origin="renewal",
            origin_key=_key(group, lines),
            due_on=group.expires_on,
            actor=actor,
            at=at,
        )
    except PeriodAlreadyBilled:
        # A person was quicker with one of the products; the next drain plans the others.
        return None
    Renewal.objects.bulk_create(
        Renewal(
            organization_id=organization.pk,
            product=line.product,
            period=DateRange(*line.period),
            months=line.months,
            invoice=invoice,
            method=group.method,
            next_attempt_on=max(first_attempt_on(group.expires_on), today),
            created_at=at,
        )
        for line in lines
        if line.period and line.months and not line.component
    )
    publish(
        "renewal.planned",
        organization_id=organization.pk,
        payload={"invoice": invoice.pk, "due_on": group.expires_on.isoformat()},
        at=at,
    )
    return invoice


def _key(group: _Group, lines: Sequence[LineInput]) -> str:
    ids = " ".join(str(line.product.pk) for line in lines if line.product and not line.component)
    return f"renewal:{group.expires_on}:{hashlib.sha256(ids.encode()).hexdigest()[:40]}"


def _lines(organization: Organization, products: Sequence[Product], today: date) -> list[LineInput]:
    """Return the lines of the products that have a price; one without is left to the reminders."""
    book = read_price_book(
        plans=[product.plan for product in products], currency=organization.currency, on=today
    )
    options = find_options(products)
    lines: list[LineInput] = []
    for product in products:
        with suppress(PriceNotFound):
            lines += renewal_lines(
                book=book,
                product=product,
                options=options[product.pk],
                months=product.months,
                period=next_period(product=product, months=product.months),
                language=organization.language,
            )
    return lines
