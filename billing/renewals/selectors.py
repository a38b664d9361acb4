"""What the page of renewals shows: products with their expiry, switch, means and next charge (BIL-10)."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Case, Count, Q, QuerySet, When

from billing.invoices.models import Invoice
from billing.payment_methods.models import PaymentMethod
from billing.payments.models import PaymentAttempt
from billing.payments.selectors import explain_decline
from billing.payments.status import AttemptStatus
from billing.profiles.models import BillingAddress
from billing.renewals.facts import Facts, read_facts
from billing.renewals.kept import KeptRefusal, find_kept, kept_refusals
from billing.renewals.models import Renewal, RenewalPreference
from billing.renewals.rules import FIRST_CHARGE_DAYS, first_attempt_on, refusal_of
from billing.renewals.status import OPEN, RenewalStatus
from manager.kit.clock import day_in
from manager.kit.errors import NotFound, Text
from manager.kit.keyset import Page, SortKey, paginate
from manager.kit.money import Money
from organizations.profile.models import Organization
from products.catalog.pricing import find_parts, sum_of
from products.inventory.models import EXPIRY_ORDER, Product
from products.inventory.rules import EXPIRED, TOO_LATE
from products.inventory.status import RENEWABLE

AUTOMATIC, MANUAL, REFUSED = "automatic", "manual", "refused"
BY_EXPIRY = SortKey(
    EXPIRY_ORDER, value=lambda product: product.expires_on.isoformat(), parse=date.fromisoformat
)


@dataclass(frozen=True, slots=True)
class RenewalRow:
    """One product: how it goes on, and what is in the way.

    `next_charge_on` is None where nothing will be charged by itself; `is_refused` where the last charge was,
    also by a draft that was taken back since, and `decline` says why; `approval_id` is the attempt that a
    person can approve. `refusal` says why the switch cannot be set now. `address` is the one fixed for the
    product.
    """

    product: Product
    price: Money | None
    method: PaymentMethod | None
    has_own_method: bool
    renewal: Renewal | None
    next_charge_on: date | None
    is_refused: bool
    decline: Text
    refusal: Text | None
    days_left: int
    address: BillingAddress | None = None
    approval_id: int | None = None

    @property
    def can_renew_first(self) -> bool:
        """Whether the switch is refused for its date alone: what renews it makes it possible (BIL-10)."""
        return self.refusal in {TOO_LATE, EXPIRED}

    @property
    def invoice(self) -> Invoice | None:
        """The invoice that waits for its payment after a refusal."""
        return self.renewal.invoice if self.renewal and self.renewal.invoice.is_payable else None


def list_renewable(*, organization: Organization, show: str = "", search: str = "") -> QuerySet[Product]:
    """Return what can renew, by `show` (automatic, manual, refused; else all) and a part of the name."""
    products = Product.objects.filter(organization_id=organization.pk, status__in=RENEWABLE)
    if show == AUTOMATIC:
        products = products.filter(auto_renew=True)
    elif show == MANUAL:
        products = products.filter(auto_renew=False)
    elif show == REFUSED:
        failed = Renewal.objects.filter(organization_id=organization.pk, status=RenewalStatus.FAILED)
        kept = find_kept(organization=organization)
        products = products.filter(Q(pk__in=failed.values("product")) | Q(pk__in=kept.values("product")))
    if search:
        products = products.filter(name__icontains=search)
    return products.select_related("plan", "organization")


def get_page(
    *,
    organization: Organization,
    at: datetime,
    show: str = "",
    search: str = "",
    after: str = "",
    before: str = "",
) -> tuple[list[RenewalRow], Page[Product]]:
    """Return a page of renewals, soonest expiry first, in a constant number of queries."""
    found = list_renewable(organization=organization, show=show, search=search)
    page = paginate(found, key=BY_EXPIRY, after=after, before=before)
    return describe(organization=organization, products=page.rows, at=at), page


def get_product(*, organization: Organization, product_id: int) -> Product:
    """Return a product of the organization that can renew.

    :raises NotFound: there is none of that id, or its life has ended.
    """
    product = list_renewable(organization=organization).filter(pk=product_id).first()
    if product is None:
        raise NotFound
    return product


def select_products(*, organization: Organization, product_ids: list[int]) -> QuerySet[Product]:
    """Return the products of these ids.

    :raises NotFound: one of them is not the organization's.
    """
    chosen = Product.objects.filter(organization_id=organization.pk, pk__in=product_ids)
    if not product_ids or chosen.count() != len(set(product_ids)):
        raise NotFound
    return chosen.select_related("plan", "organization")


def list_chosen(*, organization: Organization, product_ids: list[int]) -> list[Product]:
    """Return the products of these ids, soonest expiry first.

    :raises NotFound: one of them is not the organization's.
    """
    chosen = select_products(organization=organization, product_ids=product_ids)
    return list(chosen.order_by("expires_on", "pk"))


def method_of_all(*, organization: Organization, products: QuerySet[Product], count: int) -> int | None:
    """Return the means that is fixed for each of these so many; None where for one none is, or another."""
    fixed = RenewalPreference.objects.filter(organization_id=organization.pk, product__in=products)
    fixed = fixed.filter(method__isnull=False, method__removed_at=None)
    return _same_in_all(fixed.values_list("method_id"), count)


def address_of_all(*, organization: Organization, products: QuerySet[Product], count: int) -> int | None:
    """Return the address that is fixed for each of these so many; None where for one none is, or another."""
    fixed = RenewalPreference.objects.filter(organization_id=organization.pk, product__in=products)
    return _same_in_all(fixed.exclude(address=None).values_list("address_id"), count)


def _same_in_all(values: Any, count: int) -> int | None:
    match list(values.annotate(number=Count("pk")).order_by()[:2]):
        case [(value, number)] if number == count:
            return int(value)
    return None


def list_to_switch(
    *, organization: Organization, show: str, search: str, on: bool, most: int, at: datetime
) -> list[Product]:
    """Return what a filter finds and is not switched so, soonest expiry first, at most so many.

    What expires too soon to be switched on comes last: it would be among the first ones each time.
    """
    found = list_renewable(organization=organization, show=show, search=search).exclude(auto_renew=on)
    least = day_in(organization.time_zone, at) + timedelta(days=FIRST_CHARGE_DAYS)
    is_late = Case(When(expires_on__lt=least, then=1 if on else 0), default=0)
    return list(found.order_by(is_late, "expires_on", "pk")[:most])


def describe(*, organization: Organization, products: list[Product], at: datetime) -> list[RenewalRow]:
    """Return the rows of these products, in their order."""
    today = day_in(organization.time_zone, at)
    facts = read_facts(organization=organization, products=products, on=today)
    chosen, found = facts.chosen, facts.planned
    own = {pk: row.method for pk, row in chosen.items() if row.method and row.method.removed_at is None}
    renewals = {row.product_id: row for row in found if row.status in OPEN}
    refused = kept_refusals((row for row in found if row.status not in OPEN), others=facts.others)
    failed = {pk for pk, row in renewals.items() if row.status == RenewalStatus.FAILED}
    declines = _declines(facts, [row for row in found if row.product_id in failed | refused.keys()])
    rows = []
    for product in products:
        parts = find_parts(
            facts.book,
            plan=product.plan,
            months=product.months,
            quantity=product.quantity,
            options=facts.options.get(product.pk, {}),
        )
        renewal = renewals.get(product.pk)
        method = own.get(product.pk) or facts.fallback
        kept = refused.get(product.pk)
        is_kept = kept is not None and method is not None and kept.method_id == method.pk
        waiting = renewal or (kept if is_kept else None)
        is_refused = product.pk in failed if renewal else is_kept
        last = declines.get(product.pk) if is_refused else None
        can_renew = parts is not None and method is not None
        rows.append(
            RenewalRow(
                product=product,
                price=sum_of(parts) if parts else None,
                method=method,
                has_own_method=product.pk in own,
                renewal=renewal,
                next_charge_on=_next_charge(product, waiting, today) if can_renew else None,
                is_refused=is_refused,
                decline=explain_decline(last) if last else "",
                refusal=refusal_of(product=product, has_means=method is not None, at=at),
                days_left=product.days_left(today) or 0,
                address=chosen[product.pk].address if product.pk in chosen else None,
                approval_id=last.pk if last and last.status == AttemptStatus.REQUIRES_ACTION else None,
            )
        )
    return rows


def _next_charge(product: Product, waiting: Renewal | KeptRefusal | None, today: date) -> date | None:
    if not product.auto_renew or product.expires_on is None or product.status not in RENEWABLE:
        return None
    on = waiting.next_attempt_on if waiting is not None else first_attempt_on(product.expires_on)
    # What could not be charged on its day, and what is planned again after it, is charged at once.
    return max(on, today) if on is not None else None


def _declines(facts: Facts, renewals: list[Renewal]) -> dict[int, PaymentAttempt]:
    """Return by product the last charge that was refused, whether its draft is still there or not."""
    products = defaultdict(list)
    for renewal in renewals:
        products[renewal.invoice_id].append(renewal.product_id)
    return {product_id: row for row in facts.attempts for product_id in products.get(row.invoice_id or 0, [])}
