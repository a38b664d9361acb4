"""Make drafts of due products: one for each organization, day, means and address (BIL-11)."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from billing.engine.known import Known
from billing.engine.load import Batch, Choice, Due
from billing.engine.prices import ORIGIN, RenewalPrice
from billing.invoices.models import Invoice
from billing.invoices.services.draft import compose_draft
from billing.payment_methods.models import PaymentMethod
from billing.profiles.party import Party
from billing.renewals.kept import KeptRefusal
from billing.tax.quote import Quote
from manager.kit.money import Money
from organizations.profile.models import Organization

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
    """An invoice that is not stored yet, with the products that it renews and what each of them comes to.

    `refused` are those for which its means was refused already, on an invoice that was taken back.
    """

    group: Group
    products: Sequence[Due]
    prices: Sequence[RenewalPrice]
    invoice: Invoice
    refused: Mapping[int, KeptRefusal]


@dataclass(slots=True)
class Drafts:
    """What a batch came to: drafts, and the products of which none could be made, with the reason."""

    made: list[Draft] = field(default_factory=list)
    failed: list[tuple[Due, Exception]] = field(default_factory=list)


def make_drafts(batch: Batch, known: Known) -> Drafts:
    """Return the drafts of a batch; a product that cannot be computed is left out of its own."""
    known.learn(
        {product.plan_id for product in batch.products},
        {(row.currency, batch.today[row.pk]) for row in batch.organizations.values()},
    )
    result = Drafts()
    for group, products in _grouped(batch):
        try:
            draft = make_draft(group, products, batch, known, result.failed)
        except Exception as error:  # noqa: BLE001  (one invoice must not stop the others, whatever it raises)
            result.failed += [(product, error) for product in products]
        else:
            result.made += [draft] if draft else []
    return result


def _grouped(batch: Batch) -> Sequence[tuple[Group, list[Due]]]:
    parties: dict[Party, int] = {}
    groups: dict[tuple[int, date, int, int], tuple[Group, list[Due]]] = {}
    members: dict[tuple[int, date, Choice | None], list[Due]] = {}  # what agrees in these agrees in its group
    for product in batch.products:
        alike = product.organization_id, product.expires_on, batch.choices.get(product.pk)
        if alike not in members:
            members[alike] = []
            method = batch.method_of(product)
            if method is not None:  # else there is nothing to charge: the contacts are reminded (BIL-12)
                organization = batch.organizations[product.organization_id]
                address = batch.party_of(organization, alike[2][1] if alike[2] else None)
                number = parties.setdefault(address, len(parties))
                group = Group(organization, product.expires_on, method, address)
                key = organization.pk, product.expires_on, method.pk, number
                members[alike] = groups.setdefault(key, (group, members[alike]))[1]
        members[alike].append(product)
    return list(groups.values())


def make_draft(
    group: Group,
    products: Sequence[Due],
    batch: Batch,
    known: Known,
    failed: list[tuple[Due, Exception]] | None = None,
) -> Draft | None:
    """Return the draft of these products of a group; None where none of them has a price any more.

    One that cannot be priced is left out of its own, and noted in `failed`; a price that is not known any
    more is left to the reminders.
    """
    organization, today = group.organization, batch.today[group.organization.pk]
    currency, language = organization.currency, organization.language
    known_prices = known.prices_for(group.address, currency=currency, language=language, today=today)
    priced: list[Due] = []
    prices: list[RenewalPrice] = []
    for product in products:
        try:
            price = known_prices.of(product, batch.options.get(product.pk, {}))
        except Exception as error:  # noqa: BLE001  (one product must not stop the others, whatever it raises)
            if failed is not None:
                failed.append((product, error))
            continue
        if price is not None:
            priced.append(product)
            prices.append(price)
    if not priced:
        return None
    net, tax = sum(price.net for price in prices), sum(price.tax for price in prices)
    invoice, _lines = compose_draft(
        organization=organization,
        quoted=Quote(
            lines=(),  # they are written as copies of those of their prices
            net=Money(net, currency),
            tax=Money(tax, currency),
            total=Money(net + tax, currency),
            by_rate=(),
            decision=known.decide(group.address, today),
        ),
        address=group.address,
        seller=known.seller,
        origin=ORIGIN,
        origin_key=_key(group, priced),
        due_on=group.expires_on,
        purchase_order=batch.order_of(organization.pk, group.address.address_id, today),
        at=batch.at,
    )
    return Draft(group, priced, prices, invoice, _refused(group, priced, batch))


def _refused(group: Group, products: Sequence[Due], batch: Batch) -> dict[int, KeptRefusal]:
    if not batch.refused:
        return {}
    found = {product.pk: batch.refused[product.pk] for product in products if product.pk in batch.refused}
    return {pk: kept for pk, kept in found.items() if kept.method_id == group.method.pk}


def _key(group: Group, products: Sequence[Due]) -> str:
    ids = " ".join([str(product.pk) for product in products])
    return f"renewal:{group.expires_on}:{hashlib.sha256(ids.encode()).hexdigest()[:40]}"
