"""Take the organizations of a batch and read all that their renewals are made of, in a few statements."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from django.db.models import Q, QuerySet

from billing.engine.finding import SYSTEM, due_by, find_unplanned
from billing.payment_methods.models import PaymentMethod
from billing.profiles.models import BillingAddress, PurchaseOrder
from billing.profiles.party import Party
from billing.profiles.purchase_orders import choose_purchase_order
from billing.profiles.selectors import with_answer
from billing.renewals.kept import OF_COMING_PERIOD, KeptRefusal, kept_refusals
from billing.renewals.models import Renewal, RenewalPreference
from manager.kit.clock import day_in
from manager.kit.database.sets import any_of, is_any_of, listed
from manager.kit.prepared import Prepared
from organizations.profile.models import Organization, VatCheck
from products.catalog.models import Plan
from products.inventory.models import Product, ProductOption

Choice = tuple[int | None, int | None]
"""The ids of the means and of the address that are fixed for a product."""

Place = tuple[int, date, int]
"""A product's place among all that are due: its organization, its expiry and its id."""


class Due(NamedTuple):
    """What the engine reads of a product; from `expires_on` on, what its price and its period depend on."""

    pk: int
    organization_id: int
    name: str
    expires_on: date
    plan_id: int
    months: int
    quantity: int
    status: str
    anchor_day: int | None

    @property
    def place(self) -> Place:
        """Its place among all that are due."""
        return self.organization_id, self.expires_on, self.pk

    def as_product(self, plan: Plan) -> Product:
        """Return a product with these values that is stored nowhere, for those who price one."""
        values = self._asdict()
        del values["plan_id"]
        return Product(**values, plan=plan)


@dataclass(frozen=True, slots=True)
class Batch:
    """What is planned together, with all rows that belong to it; everything by id.

    `last` is where to go on behind a batch that was full, None where nothing is left.
    """

    at: datetime
    organizations: dict[int, Organization]
    today: dict[int, date]
    products: Sequence[Due]
    last: Place | None
    options: dict[int, dict[str, int]]
    choices: dict[int, Choice]
    refused: dict[int, KeptRefusal]
    methods: dict[int, PaymentMethod]
    default_methods: dict[int, PaymentMethod]
    addresses: dict[int, BillingAddress]
    default_addresses: dict[int, BillingAddress]
    answers: dict[tuple[int, str], VatCheck]
    orders: dict[int, list[PurchaseOrder]]

    def method_of(self, product: Due) -> PaymentMethod | None:
        """Return what it is charged to: the product's own means while that is saved, else the default."""
        chosen, _address = self.choices.get(product.pk, (None, None))
        own = self.methods.get(chosen) if chosen else None
        return own or self.default_methods.get(product.organization_id)

    def party_of(self, organization: Organization, address_id: int | None) -> Party:
        """Return whom an invoice is for: an address, the default one, or the organization itself (BIL-8)."""
        chosen = self.addresses.get(address_id) if address_id else None
        address = chosen or self.default_addresses.get(organization.pk)
        party = Party.of_address(address) if address else Party.of_organization(organization)
        if not party.vat_number:
            return party
        return with_answer(party, self.answers.get((organization.pk, party.vat_number)))

    def order_of(self, organization_id: int, address_id: int | None, on: date) -> str:
        """Return the organization's own number of the order for an invoice of that day (BIL-4)."""
        return choose_purchase_order(self.orders.get(organization_id, ()), address_id=address_id, on=on)


_FREE: Prepared[Organization] = Prepared(lambda owners: _to_claim(owners, wait=False), planned_once=True)
_ANY: Prepared[Organization] = Prepared(lambda owners: _to_claim(owners, wait=True), planned_once=True)


def claim(organization_ids: Collection[int], *, wait: bool) -> list[Organization]:
    """Lock organizations against every other planner; without `wait`, those that are free (BIL-16).

    The lock lets rows that refer to them be written meanwhile; it is the one of the other verbs that must
    not run beside the planning.
    """
    return (_ANY if wait else _FREE).fetch(owners=listed(organization_ids))


def _to_claim(owners: str, *, wait: bool) -> QuerySet[Organization]:
    rows = Organization.objects.using(SYSTEM).select_for_update(
        no_key=True, skip_locked=not wait, of=("self",)
    )
    return rows.filter(pk__in=any_of(owners)).order_by("pk")


def load(
    organizations: Sequence[Organization], *, at: datetime, most: int, after: Place | None = None
) -> Batch:
    """Read what of the claimed organizations is to be planned as of `at`, at most `most` products of it.

    With `after`, where an earlier batch of them has ended, what comes behind that.
    """
    today = {row.pk: day_in(row.time_zone, at) for row in organizations}
    products, last = _due(today, most, after)
    owner_of = {product.pk: product.organization_id for product in products}
    ids, its = listed(owner_of), set(owner_of.values())
    owners = listed(its)
    choices = _choices(ids, owner_of)
    methods = _METHODS.fetch(owners=owners)
    addresses = _addresses(owners, choices)
    return Batch(
        at=at,
        organizations={row.pk: row for row in organizations if row.pk in its},
        today=today,
        products=products,
        last=last,
        options=_options(ids),
        choices=choices,
        refused=kept_refusals(_REFUSED.fetch(ids=ids), using=SYSTEM),
        methods={row.pk: row for row in methods},
        default_methods={row.organization_id: row for row in methods if row.is_default},
        addresses={row.pk: row for row in addresses},
        default_addresses={row.organization_id: row for row in addresses if row.is_default},
        answers=_answers(owners),
        orders=_orders(owners),
    )


def _due(today: dict[int, date], most: int, after: Place | None) -> tuple[list[Due], Place | None]:
    """Return what is due in organizations by their days, and where to go on if that is not all."""
    if not today:
        return [], None
    until = {organization_id: due_by(day) for organization_id, day in today.items()}
    place = dict(zip(("owner", "day", "pk"), after, strict=True)) if after else {}
    rows = _DUE.fetch(owners=listed(today), until=max(until.values()), most=most + 1, **place)
    found = [due for due in map(Due._make, rows[:most]) if due.expires_on <= until[due.organization_id]]
    return found, (Due._make(rows[most - 1]).place if len(rows) > most else None)


def _build_due(
    *, owners: str, until: date, most: int, owner: int = 0, day: date | None = None, pk: int = 0
) -> QuerySet[Product, tuple[Any, ...]]:
    rows = find_unplanned().filter(is_any_of("organization_id", owners), expires_on__lte=until)
    if day is not None:
        behind = Q(expires_on__gt=day) | Q(expires_on=day, pk__gt=pk)
        rows = rows.filter(Q(organization_id__gt=owner) | Q(organization_id=owner) & behind)
    return rows.order_by("organization_id", "expires_on", "pk").values_list(*Due._fields)[:most]


_DUE: Prepared[tuple[Any, ...]] = Prepared(_build_due, shape=["most"], planned_once=True)


_OPTIONS: Prepared[tuple[Any, ...]] = Prepared(
    lambda ids: (
        ProductOption.objects.using(SYSTEM)
        .filter(product_id__in=any_of(ids))
        .order_by("slug")
        .values_list("product_id", "slug", "quantity")
    ),
    planned_once=True,
)


def _options(ids: str) -> dict[int, dict[str, int]]:
    found: dict[int, dict[str, int]] = defaultdict(dict)
    for product_id, slug, quantity in _OPTIONS.fetch(ids=ids):
        found[product_id][slug] = quantity
    return found


_CHOICES: Prepared[tuple[Any, ...]] = Prepared(
    lambda ids: (
        RenewalPreference.objects.using(SYSTEM)
        .filter(product_id__in=any_of(ids))
        .values_list("product_id", "organization_id", "method_id", "address_id")
    ),
    planned_once=True,
)


def _choices(ids: str, owner_of: Mapping[int, int]) -> dict[int, Choice]:
    """Return what is fixed for products, by their owners: not what a former owner had chosen.

    A product that was transferred may still have the giver's choice for a moment, and the giver's means and
    addresses may be in the same batch.
    """
    found = _CHOICES.fetch(ids=ids)
    return {
        product: (method, address) for product, owner, method, address in found if owner == owner_of[product]
    }


_REFUSED: Prepared[Renewal] = Prepared(
    lambda ids: (
        Renewal.objects.using(SYSTEM).filter(OF_COMING_PERIOD, product_id__in=any_of(ids)).order_by("pk")
    ),
    planned_once=True,
)

_METHODS: Prepared[PaymentMethod] = Prepared(
    lambda owners: PaymentMethod.objects.using(SYSTEM).filter(
        organization_id__in=any_of(owners), removed_at=None
    ),
    planned_once=True,
)

_ADDRESSES: Prepared[BillingAddress] = Prepared(
    lambda owners, chosen: BillingAddress.objects.using(SYSTEM).filter(
        Q(is_default=True) | Q(pk__in=any_of(chosen)), organization_id__in=any_of(owners)
    ),
    planned_once=True,
)


def _addresses(owners: str, choices: dict[int, Choice]) -> list[BillingAddress]:
    chosen = {address for _method, address in choices.values() if address}
    return _ADDRESSES.fetch(owners=owners, chosen=listed(chosen))


_ANSWERS: Prepared[VatCheck] = Prepared(
    lambda owners: VatCheck.objects.using(SYSTEM).filter(organization_id__in=any_of(owners)).order_by("pk"),
    planned_once=True,
)


def _answers(owners: str) -> dict[tuple[int, str], VatCheck]:
    """Return the check that counts of each number: the last that was answered, else the last of all."""
    found: dict[tuple[int, str], VatCheck] = {}
    for row in _ANSWERS.fetch(owners=owners):
        key = (row.organization_id, row.number)
        if row.answered_at is not None or key not in found or found[key].answered_at is None:
            found[key] = row
    return found


_ORDERS: Prepared[PurchaseOrder] = Prepared(
    lambda owners: PurchaseOrder.objects.using(SYSTEM).filter(organization_id__in=any_of(owners)),
    planned_once=True,
)


def _orders(owners: str) -> dict[int, list[PurchaseOrder]]:
    found: dict[int, list[PurchaseOrder]] = defaultdict(list)
    for row in _ORDERS.fetch(owners=owners):
        found[row.organization_id].append(row)
    return found
