"""Make drafts of due products: one for each organization, day, means and address (BIL-11)."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db.backends.postgresql.psycopg_any import DateRange

from billing.engine.known import Known
from billing.engine.load import Batch
from billing.invoices.lines import renewal_lines
from billing.invoices.models import Invoice, InvoiceLine
from billing.invoices.services.draft import compose_draft
from billing.payment_methods.models import PaymentMethod
from billing.profiles.party import Party
from billing.renewals.models import Renewal
from billing.renewals.rules import first_attempt_on
from billing.tax.quote import LineInput, quote
from organizations.profile.models import Organization
from products.catalog.selectors import PriceNotFound
from products.inventory.models import Product
from products.inventory.services import next_period

MOST_TOGETHER = 2_000
"""So many products are on one invoice at most; more of one group are on several."""


@dataclass(frozen=True, slots=True)
class Group:
    """What makes renewals one invoice and one charge; the organization settles the currency."""

    organization: Organization
    expires_on: date
    method: PaymentMethod
    address: Party


@dataclass(frozen=True, slots=True)
class Draft:
    """An invoice that is not stored yet, with its lines, its renewals and the products that it renews."""

    group: Group
    products: Sequence[Product]
    invoice: Invoice
    lines: Sequence[InvoiceLine]
    renewals: Sequence[Renewal]


@dataclass(slots=True)
class Drafts:
    """What a batch came to: drafts, and the products of which none could be made, with the reason."""

    made: list[Draft] = field(default_factory=list)
    failed: list[tuple[Product, Exception]] = field(default_factory=list)


def make_drafts(batch: Batch, known: Known) -> Drafts:
    """Return the drafts of a batch; a product that cannot be computed is left out of its own."""
    known.learn(
        {product.plan_id for product in batch.products},
        {(row.currency, batch.today[row.pk]) for row in batch.organizations.values()},
    )
    result = Drafts()
    for group, products in _grouped(batch).items():
        result.made += _make_sound(group, products, batch, known, result.failed)
    return result


def _grouped(batch: Batch) -> Mapping[Group, list[Product]]:
    parties: dict[tuple[int, int | None], Party] = {}
    groups: dict[tuple[int, date, int, Party], tuple[Group, list[Product]]] = {}
    for product in batch.products:
        method = batch.method_of(product)
        if method is None or product.expires_on is None:
            continue  # nothing to charge: the contacts are reminded instead (BIL-12)
        organization = batch.organizations[product.organization_id]
        _means, address_id = batch.choices.get(product.pk, (None, None))
        if (organization.pk, address_id) not in parties:
            parties[organization.pk, address_id] = batch.party_of(organization, address_id)
        address = parties[organization.pk, address_id]
        key = (organization.pk, product.expires_on, method.pk, address)
        if key not in groups:
            groups[key] = (Group(organization, product.expires_on, method, address), [])
        groups[key][1].append(product)
    return dict(groups.values())


def _make_sound(
    group: Group,
    products: Sequence[Product],
    batch: Batch,
    known: Known,
    failed: list[tuple[Product, Exception]],
) -> list[Draft]:
    """Return the group's draft (none where nothing of it has a price), without the products that fail."""
    try:
        draft = make_draft(group, products, batch, known)
    except Exception as error:  # noqa: BLE001  (one product must not stop the others, whatever it raises)
        if len(products) == 1:
            failed.append((products[0], error))
            return []
        sound = [product for product in products if _is_sound(group, product, batch, known, failed)]
        return _make_sound(group, sound, batch, known, failed) if 0 < len(sound) < len(products) else []
    return [draft] if draft else []


def _is_sound(
    group: Group, product: Product, batch: Batch, known: Known, failed: list[tuple[Product, Exception]]
) -> bool:
    try:
        make_draft(group, [product], batch, known)
    except Exception as error:  # noqa: BLE001  (see above)
        failed.append((product, error))
        return False
    return True


def make_draft(group: Group, products: Sequence[Product], batch: Batch, known: Known) -> Draft | None:
    """Return the draft of these products of a group; None where none of them has a price any more."""
    organization, today = group.organization, batch.today[group.organization.pk]
    priced = list(_priced(group, products, batch, known))
    if not priced:
        return None
    seller, lines = known.seller, [line for _product, own in priced for line in own]
    currency = organization.currency
    invoice, rows = compose_draft(
        organization=organization,
        quoted=quote(
            lines=lines,
            buyer=group.address,
            seller=seller,
            currency=currency,
            on=today,
            decision=known.decide(group.address, today),
        ),
        address=group.address,
        seller=seller,
        origin="renewal",
        origin_key=_key(group, [product for product, _own in priced]),
        due_on=group.expires_on,
        purchase_order=batch.order_of(organization.pk, group.address.address_id, today),
        at=batch.at,
    )
    renewals = [_renewal(group, product, own[0], today, batch) for product, own in priced]
    return Draft(group, [product for product, _own in priced], invoice, rows, renewals)


def _priced(
    group: Group, products: Sequence[Product], batch: Batch, known: Known
) -> Iterator[tuple[Product, list[LineInput]]]:
    """Yield the products that have a price, with their lines; one without is left to the reminders."""
    book = known.book(group.organization.currency, batch.today[group.organization.pk])
    for product in products:
        product.plan = known.plans[product.plan_id]
        try:
            lines = renewal_lines(
                book=book,
                product=product,
                options=batch.options.get(product.pk, {}),
                months=product.months,
                period=next_period(product=product, months=product.months),
                language=group.organization.language,
            )
        except PriceNotFound:
            continue
        yield product, lines


def _renewal(group: Group, product: Product, line: LineInput, today: date, batch: Batch) -> Renewal:
    return Renewal(
        organization_id=product.organization_id,
        product_id=product.pk,
        period=DateRange(*line.period) if line.period else None,
        months=product.months,
        method_id=group.method.pk,
        next_attempt_on=max(first_attempt_on(group.expires_on), today),
        created_at=batch.at,
    )


def _key(group: Group, products: Sequence[Product]) -> str:
    ids = " ".join(str(product.pk) for product in products)
    return f"renewal:{group.expires_on}:{hashlib.sha256(ids.encode()).hexdigest()[:40]}"
