"""Choose what products renew with: means (BIL-10) and billing address (BIL-8), for one or for many."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import QuerySet

from billing.invoices.models import Invoice
from billing.invoices.status import InvoiceStatus
from billing.payment_methods.models import PaymentMethod
from billing.payment_methods.selectors import default_method
from billing.profiles.models import BillingAddress
from billing.renewals.models import Renewal, RenewalPreference
from billing.renewals.objections import objections_to
from billing.renewals.rules import NOT_RUNNING
from billing.renewals.services.take_back import take_back
from billing.renewals.status import OPEN
from manager.kit.actor import Actor
from manager.kit.clock import day_in
from manager.kit.errors import DomainError, NotFound, Text
from manager.kit.nudge import nudge
from organizations.audit.models import AuditEvent
from organizations.audit.services import make_event
from organizations.profile.models import Organization
from products.inventory.models import Product
from products.inventory.status import RENEWABLE

AT_ONCE = 1000
"""So many products are written by one transaction."""


class MeansRefused(DomainError):
    """The means cannot be charged for renewals; the message says why."""

    code = "means_refused"


@dataclass(frozen=True, slots=True)
class Held:
    """A product that a choice did not reach; `error` says why.

    With `is_kept` it holds from the renewal after the coming one on.
    """

    product_id: int
    error: DomainError
    is_kept: bool = False

    @property
    def refusal(self) -> Text:
        """Say why, in words."""
        return self.error.message or str(self.error)


@dataclass(frozen=True, slots=True)
class Preferred:
    """What came of a choice for many: so many renew with it from now on, `held` do not."""

    count: int
    held: list[Held]

    @classmethod
    def of(cls, kept: int, held: Sequence[Held]) -> "Preferred":
        """Return what came of a choice that was kept for so many, of which some are held."""
        return cls(kept - sum(one.is_kept for one in held), list(held))


def prefer_method(
    *,
    organization: Organization,
    product_ids: Sequence[int],
    method: PaymentMethod | None,
    actor: Actor,
    at: datetime,
) -> Preferred:
    """Fix the means that these products renew with; None goes back to the organization's default.

    A renewal that waits after a refusal is tried again with it, today. One that shares its invoice with
    products that were not chosen is taken back and planned anew, as another means is another invoice
    (BIL-11), and is told as held where that is being charged at this moment. Any number at once; the
    statements grow by the thousand. Runs outside of a transaction.

    :raises NotFound: the means belongs to another organization or was removed.
    :raises MeansRefused: it cannot be charged for renewals.
    """
    today = day_in(organization.time_zone, at)
    if method is not None:
        if method.organization_id != organization.pk or method.removed_at:
            raise NotFound
        for reason in objections_to([method], organization=organization, today=today).values():
            raise MeansRefused(reason)
    count, held = _keep(
        _Choice(organization, product_ids, "product.payment_method_chosen", actor, at), method=method
    )
    chosen = method or default_method(organization=organization)
    if chosen is None:
        return Preferred.of(count, held)
    apart: dict[int, Invoice] = {}
    for ids in _batches(product_ids):
        rows = list(_open(organization, ids).exclude(method=chosen))
        shared = _shared({row.invoice_id for row in rows}, organization, set(product_ids))
        leaving = [
            row for row in rows if row.invoice_id in shared and row.invoice.status == InvoiceStatus.DRAFT
        ]
        apart.update({row.invoice_id: row.invoice for row in leaving})
        staying = [row.pk for row in rows if row.invoice_id not in apart]
        _try_today(_open(organization, ids).filter(pk__in=staying), chosen, today)
        if rows:
            nudge("renewals")
    return Preferred.of(count, held + _plan_anew(apart, organization, product_ids, actor, at))


def prefer_address(
    *,
    organization: Organization,
    product_ids: Sequence[int],
    address: BillingAddress | None,
    actor: Actor,
    at: datetime,
) -> Preferred:
    """Fix the billing address that these products renew with; None goes back to the default (BIL-8).

    A renewal that is planned and not paid is taken back and planned anew, as another address is another
    invoice (BIL-11). One that is being charged at this moment keeps what it has, and is told as held. Any
    number at once. Runs outside of a transaction.

    :raises NotFound: the address belongs to another organization.
    """
    if address is not None and address.organization_id != organization.pk:
        raise NotFound
    count, held = _keep(
        _Choice(organization, product_ids, "product.billing_address_chosen", actor, at), address=address
    )
    drafts: dict[int, Invoice] = {}
    for ids in _batches(product_ids):
        planned = _open(organization, ids).filter(invoice__status=InvoiceStatus.DRAFT)
        drafts.update({row.invoice_id: row.invoice for row in planned})
    return Preferred.of(count, held + _plan_anew(drafts, organization, product_ids, actor, at))


@dataclass(frozen=True, slots=True)
class _Choice:
    """Who chooses for which products; `event` is the name in the audit log."""

    organization: Organization
    product_ids: Sequence[int]
    event: str
    actor: Actor
    at: datetime


def _keep(choice: _Choice, **chosen: PaymentMethod | BillingAddress | None) -> tuple[int, list[Held]]:
    """Store what was chosen, by its field, for those that can renew; return how many, and the others."""
    owner, kept = choice.organization.pk, set[int]()
    told = {field: value.pk if value else None for field, value in chosen.items()}
    for ids in _batches(choice.product_ids):
        running = Product.objects.filter(organization_id=owner, pk__in=ids, status__in=RENEWABLE)
        with transaction.atomic():
            found = list(running.only("pk", "name", "organization_id").order_by("pk"))
            RenewalPreference.objects.bulk_create(
                [_preference(row, chosen) for row in found],
                update_conflicts=True,
                unique_fields=["product"],
                update_fields=list(chosen),
            )
            AuditEvent.objects.bulk_create(_event(choice, row, told) for row in found)
        kept.update(row.pk for row in found)
    return len(kept), [Held(pk, _NotRunning()) for pk in choice.product_ids if pk not in kept]


def _preference(
    product: Product, chosen: Mapping[str, PaymentMethod | BillingAddress | None]
) -> RenewalPreference:
    made = RenewalPreference(organization_id=product.organization_id, product=product)
    for field, value in chosen.items():
        setattr(made, field, value)
    return made


def _event(choice: _Choice, product: Product, told: dict[str, int | None]) -> AuditEvent:
    return make_event(
        organization_id=choice.organization.pk,
        name=choice.event,
        actor=choice.actor,
        at=choice.at,
        subject=product,
        data=told,
    )


class _NotRunning(DomainError):
    """The life of the product has ended."""

    code = "product_not_running"
    message = NOT_RUNNING


def _batches(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    ordered = sorted(set(ids))  # in one order, so that two choices at once wait and never lock each other out
    return (ordered[start : start + AT_ONCE] for start in range(0, len(ordered), AT_ONCE))


def _open(organization: Organization, ids: Sequence[int]) -> QuerySet[Renewal]:
    rows = Renewal.objects.filter(organization_id=organization.pk, product_id__in=ids, status__in=OPEN)
    return rows.select_related("invoice__organization")


def _try_today(renewals: QuerySet[Renewal], method: PaymentMethod, today: date) -> None:
    """Let open renewals be charged to a means today."""
    with transaction.atomic():
        # In the order in which all others lock them, so that nobody waits for each other.
        ids = list(
            renewals.select_for_update(of=("self",), no_key=True).order_by("pk").values_list("pk", flat=True)
        )
        renewals.filter(pk__in=ids).update(method=method, next_attempt_on=today, lease_until=None)


def _shared(invoice_ids: set[int], organization: Organization, chosen: Collection[int]) -> set[int]:
    """Return those of the invoices that renew other products than the chosen ones as well."""
    rows = Renewal.objects.filter(
        organization_id=organization.pk, invoice_id__in=invoice_ids, status__in=OPEN
    ).values_list("invoice_id", "product_id")
    return {invoice_id for invoice_id, product_id in rows if product_id not in chosen}


def _plan_anew(
    drafts: dict[int, Invoice],
    organization: Organization,
    product_ids: Sequence[int],
    actor: Actor,
    at: datetime,
) -> list[Held]:
    """Take these drafts back; what is planned again has what was chosen. Return what is being charged."""
    held, chosen = [], set(product_ids)
    for invoice_id, invoice in sorted(drafts.items()):
        try:
            take_back(invoice=invoice, actor=actor, at=at)
        except DomainError as error:
            rows = Renewal.objects.filter(organization_id=organization.pk, invoice_id=invoice_id)
            ids = rows.values_list("product_id", flat=True)
            held += [Held(product_id, error, is_kept=True) for product_id in ids if product_id in chosen]
    if drafts:
        nudge("renewals")
    return held
