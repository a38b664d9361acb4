"""Run the charges of the coming 60 days dry: read only, in the order of their days (BIL-11)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from billing.invoices.lines import renewal_lines
from billing.invoices.models import InvoiceLine
from billing.invoices.status import InvoiceStatus
from billing.payment_methods.models import PaymentMethod
from billing.payment_methods.selectors import disputed_ids, list_methods
from billing.payments.balance import LEAST_CHARGE
from billing.payments.next_means import refused_ids, takes
from billing.prepaid.models import PrepaidSettings
from billing.prepaid.selectors import prepaid_balance
from billing.profiles.models import LegalEntity
from billing.profiles.party import Party
from billing.profiles.selectors import default_address, default_entity, party_of
from billing.rehearsal.reasons import Reason
from billing.renewals.models import Renewal
from billing.renewals.rules import FIRST_CHARGE_DAYS, first_attempt_on
from billing.renewals.selectors import RenewalRow, describe
from billing.renewals.status import OPEN, RenewalStatus
from billing.runs.models import QuarantineKind
from billing.runs.selectors import find_quarantined
from billing.tax.decision import TaxDecision
from billing.tax.quote import decide_for, quote
from billing.tax.selectors import RateMissing
from manager.kit.clock import day_in
from manager.kit.money import Money
from organizations.members.selectors import list_billing_contacts
from organizations.profile.models import Organization
from products.catalog.price_book import read_price_book
from products.inventory.models import Product
from products.inventory.selectors import find_options
from products.inventory.services import next_period
from products.inventory.status import RENEWABLE, ProductStatus
from products.termination.models import TerminatedProduct

AHEAD = timedelta(days=60)
BATCH = 500


@dataclass(frozen=True, slots=True)
class Found:
    """A charge that will fail; see `Finding`."""

    reason: str
    product: Product | None = None
    method: PaymentMethod | None = None
    charge_on: date | None = None
    money: Money | None = None


@dataclass(frozen=True, slots=True)
class _Charge:
    """One product's coming charge: `money` with VAT; None where its VAT is not known."""

    row: RenewalRow
    on: date
    money: Money | None


def find_problems(*, organization: Organization, at: datetime) -> list[Found]:
    """Return which charges of the coming 60 days will fail and why, soonest first.

    A constant number of queries for each 500 products, and one more for each billing address in use.
    """
    today = day_in(organization.time_zone, at)
    products = _list_products(organization, today)
    if not products:
        return []
    found: list[Found] = []
    purse = _Purse(organization, today)
    for start in range(0, len(products), BATCH):
        part = products[start : start + BATCH]
        rows = describe(organization=organization, products=part, at=at)
        found += _too_late(rows)
        charges = list(_charges(organization, [row for row in rows if row.product.auto_renew], today))
        found += [one for charge in charges if (one := purse.charge(charge, today))]
    if any(product.auto_renew for product in products):
        found = [*_of_all(organization), *_left_out(organization, products), *found]
    return found


def _list_products(organization: Organization, today: date) -> list[Product]:
    """Return what is charged within the time, or expires before it could be; not what is billed or ends."""
    until = today + AHEAD + timedelta(days=FIRST_CHARGE_DAYS)
    ending = TerminatedProduct.objects.filter(organization_id=organization.pk, is_open=True)
    due = Product.objects.filter(
        organization_id=organization.pk, status__in=RENEWABLE, expires_on__lte=until
    ).exclude(pk__in=ending.values("product_id"))
    products = list(due.select_related("plan", "organization").order_by("expires_on", "pk"))
    lines = InvoiceLine.objects.filter(
        organization_id=organization.pk,
        counts=True,
        product__isnull=False,
        covers__isnull=False,
        invoice__status__in=[InvoiceStatus.OPEN, InvoiceStatus.PAID],
        period__endswith__gt=today,
    ).order_by("period")
    billed = {pk: period.upper for pk, period in lines.values_list("product_id", "period") if period}
    return [
        product
        for product in products
        if product.pk not in billed or billed[product.pk] <= product.expires_on
    ]


def _of_all(organization: Organization) -> list[Found]:
    """Return what is in the way of every charge."""
    found = []
    if not default_address(organization=organization).is_complete:
        found.append(Found(Reason.ADDRESS))
    if not list_billing_contacts(organization_id=organization.pk):
        found.append(Found(Reason.NO_CONTACT))
    return found


def _left_out(organization: Organization, products: Sequence[Product]) -> list[Found]:
    """Return what the engine leaves out because it failed again and again."""
    own = {product.pk: product for product in products if product.auto_renew}
    unplanned = find_quarantined(kind=QuarantineKind.PLAN).filter(organization_id=organization.pk)
    uncharged = find_quarantined(kind=QuarantineKind.CHARGE).filter(organization_id=organization.pk)
    renewals = Renewal.objects.filter(
        organization_id=organization.pk, invoice__in=uncharged.order_by(), status__in=OPEN
    )
    stuck = {*unplanned, *renewals.values_list("product_id", flat=True)}
    return [
        Found(Reason.LEFT_OUT, own[pk], charge_on=_first_day(own[pk])) for pk in sorted(stuck) if pk in own
    ]


def _too_late(rows: Sequence[RenewalRow]) -> list[Found]:
    return [
        Found(Reason.TOO_LATE, row.product, charge_on=row.product.expires_on)
        for row in rows
        if not row.product.auto_renew
        and row.product.status == ProductStatus.ACTIVE
        and 0 <= row.days_left < FIRST_CHARGE_DAYS
    ]


def _first_day(product: Product) -> date | None:
    return first_attempt_on(product.expires_on) if product.expires_on else None


def _charges(organization: Organization, rows: Sequence[RenewalRow], today: date) -> Iterator[_Charge]:
    """Yield the charges in the order of their days, each with its sum as the engine will bill it."""
    products = [row.product for row in rows]
    book = read_price_book(
        plans=[product.plan for product in products], currency=organization.currency, on=today
    )
    options = find_options(products)
    seller, parties, decisions = default_entity(), _parties(organization, rows), _Decisions()
    for row in rows:
        on = _day_of(row, today)
        if on is None:
            continue
        product, money = row.product, None
        if row.price is not None:
            lines = renewal_lines(
                book=book,
                product=product,
                options=options[product.pk],
                months=product.months,
                period=next_period(product=product, months=product.months),
                language=organization.language,
            )
            buyer = parties[row.address.pk if row.address else None]
            try:
                decision = decisions.of(buyer, seller, today)
                money = quote(
                    lines=lines,
                    buyer=buyer,
                    seller=seller,
                    currency=organization.currency,
                    on=today,
                    decision=decision,
                ).total
            except RateMissing:
                money = None
        yield _Charge(row, on, money)


def _parties(organization: Organization, rows: Sequence[RenewalRow]) -> dict[int | None, Party]:
    addresses = {row.address.pk: row.address for row in rows if row.address}
    parties: dict[int | None, Party] = {
        pk: party_of(address, organization=organization) for pk, address in addresses.items()
    }
    return {None: default_address(organization=organization), **parties}


class _Decisions:
    """Which VAT applies, decided once for each party."""

    def __init__(self) -> None:
        self._known: dict[Party, TaxDecision] = {}

    def of(self, buyer: Party, seller: LegalEntity, on: date) -> TaxDecision:
        """Return the decision for a buyer.

        :raises RateMissing: no rate is known.
        """
        if buyer not in self._known:
            self._known[buyer] = decide_for(buyer=buyer, seller=seller, on=on)
        return self._known[buyer]


def _day_of(row: RenewalRow, today: date) -> date | None:
    """Return the day of the next charge within the time; None after the last refusal, which has its mail."""
    if row.renewal is not None:
        if row.renewal.status == RenewalStatus.FAILED and row.renewal.next_attempt_on is None:
            return None
        on = row.renewal.next_attempt_on
    else:
        on = _first_day(row.product)
    return max(on, today) if on is not None else None


class _Purse:
    """An organization's means while its charges are tried one after the other: the balance goes down."""

    def __init__(self, organization: Organization, today: date) -> None:
        self.currency = organization.currency
        self.methods = list(list_methods(organization=organization))
        self.disputed = disputed_ids(organization=organization)
        self.refused = refused_ids(organization=organization)
        rows = PrepaidSettings.objects.select_related("auto_method")
        settings = rows.filter(organization_id=organization.pk).first()
        self.pays_first = settings is not None and settings.pays_renewals
        # What tops itself up is not counted on to the cent.
        self.is_topped_up = settings is not None and self._is_filled(settings, today)
        self.balance = prepaid_balance(organization=organization).amount

    def charge(self, charge: _Charge, today: date) -> Found | None:
        """Try a charge and return why it fails, or None; what pays is gone for the ones that follow."""
        row = charge.row
        if row.price is None:
            return Found(Reason.NO_PRICE, row.product, charge_on=charge.on)
        if charge.money is None:
            return Found(Reason.NO_VAT, row.product, charge_on=charge.on)
        amount = charge.money.amount
        rest = amount - self._share(amount)
        if not rest:
            self.balance -= amount
            return None
        first: Found | None = None
        for method in self._in_order(row.method):
            reason = self._refusal(method, charge.on, today, amount)
            if reason is None:
                self.balance -= amount if method.is_prepaid else amount - rest
                return None
            first = first or Found(reason, row.product, method, charge.on, charge.money)
        return first or Found(Reason.NO_MEANS, row.product, None, charge.on, charge.money)

    def _is_filled(self, settings: PrepaidSettings, today: date) -> bool:
        """Return whether the account is topped up by itself, from a means that can be charged."""
        method = settings.auto_method
        if method is None or settings.stopped_at is not None or method.removed_at is not None:
            return False
        return self._refusal(method, today, today, 0) is None

    def _share(self, amount: int) -> int:
        """Return what the balance pays first, where chosen: all, or what leaves a sum to charge."""
        if not self.pays_first:
            return 0
        return amount if self.balance >= amount else max(0, min(self.balance, amount - LEAST_CHARGE))

    def _in_order(self, own: PaymentMethod | None) -> list[PaymentMethod]:
        return ([own] if own else []) + [
            method for method in self.methods if own is None or method.pk != own.pk
        ]

    def _refusal(self, method: PaymentMethod, on: date, today: date, amount: int) -> str | None:
        if method.pk in self.disputed:
            return Reason.DISPUTED
        if method.has_expired(today):
            return Reason.CARD_EXPIRED
        if method.has_expired(on):
            return Reason.CARD_ENDS
        if method.pk in self.refused:
            return Reason.REFUSED
        if method.is_prepaid:
            return None if self.is_topped_up or self.balance >= amount else Reason.BALANCE_LOW
        return None if takes(method, self.currency) else Reason.WRONG_CURRENCY
