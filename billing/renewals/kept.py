"""A refused charge outlives its draft: what is planned anew with the same means waits as it did (BIL-11)."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import NamedTuple

from django.db import DEFAULT_DB_ALIAS
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from billing.disputes.models import Dispute
from billing.disputes.status import DisputeStatus
from billing.invoices.status import InvoiceStatus
from billing.payment_methods.models import PaymentMethod
from billing.payments.models import PaymentAttempt
from billing.payments.next_means import takes
from billing.renewals.models import Renewal, RenewalPreference
from billing.renewals.rules import first_attempt_on
from billing.renewals.status import OPEN, RenewalStatus
from organizations.profile.models import Organization

OF_COMING_PERIOD = Q(
    status=RenewalStatus.CANCELLED,
    period__startswith=F("product__expires_on"),
    organization=F("product__organization"),
)
"""Renewals of the days that a product is renewed for next, which were taken back from their invoice."""


REFUSED_FOR_GOOD = Q(attempts__gt=0, settled_at=None, next_attempt_on=None)
"""Of those: what is not tried again with the same means."""


class OtherMeans(NamedTuple):
    """What may be charged in the place of a means that was refused for good.

    `tried` are the means of the attempts by product, `usable` those that are saved and can be charged, by
    organization.
    """

    tried: Mapping[int, Collection[int | None]]
    usable: Mapping[int, Collection[int]]


class KeptRefusal(NamedTuple):
    """When a means that was refused is tried again (None: not again), and how often it was tried."""

    method_id: int | None
    next_attempt_on: date | None
    attempts: int


def kept_refusals(
    taken_back: Iterable[Renewal], *, using: str = DEFAULT_DB_ALIAS, others: OtherMeans | None = None
) -> dict[int, KeptRefusal]:
    """Return by product what the last of its renewals `OF_COMING_PERIOD` was told; they come oldest first.

    It holds for what is planned anew with the same means, until somebody chooses another one. What was paid
    and given back was not refused. After a refusal for good the next means in the order is charged at once,
    if one was saved since (BIL-9). Two queries where there are such, unless the `others` are at hand.
    """
    last = {row.product_id: row for row in taken_back}
    refused = [row for row in last.values() if row.attempts and row.settled_at is None]
    for_good = [row for row in refused if row.next_attempt_on is None]
    if for_good and others is None:
        others = _read_others(for_good, using)
    at_once = {row.product_id for row in for_good if others and _has_another(row, others)}
    return {
        row.product_id: KeptRefusal(
            row.method_id,
            first_attempt_on(row.period.lower) if row.product_id in at_once else row.next_attempt_on,
            row.attempts,
        )
        for row in refused
    }


def find_kept(*, organization: Organization) -> QuerySet[Renewal]:
    """Return the renewals whose refusal is kept (`kept_refusals`), of products with the same means still.

    Those of which nothing is planned anew yet: at most one of a product.
    """
    mine = Renewal.objects.filter(organization_id=organization.pk)
    newer = mine.filter(
        Q(status__in=OPEN) | OF_COMING_PERIOD & Q(pk__gt=OuterRef("pk")), product=OuterRef("product")
    )
    own = RenewalPreference.objects.filter(
        organization_id=organization.pk, product=OuterRef("product"), method__removed_at=None
    )
    usual = PaymentMethod.objects.filter(organization_id=organization.pk, is_default=True, removed_at=None)
    means = Coalesce(Subquery(own.values("method")[:1]), Subquery(usual.values("pk")[:1]))
    return mine.filter(OF_COMING_PERIOD, ~Exists(newer), attempts__gt=0, settled_at=None, method=means)


def _has_another(refused: Renewal, others: OtherMeans) -> bool:
    """Return whether a means is saved that can be charged and was not tried yet."""
    usable = set(others.usable.get(refused.organization_id, ())) - {refused.method_id}
    return bool(usable - set(others.tried.get(refused.product_id, ())))


def tried_for(product: OuterRef, expires_on: OuterRef, *, organization_id: int) -> QuerySet[PaymentAttempt]:
    """Return the attempts for the coming period of a product of an outer query, by drafts taken back."""
    return PaymentAttempt.objects.filter(
        organization_id=organization_id,
        invoice__status=InvoiceStatus.CANCELLED,
        invoice__lines__product=product,
        invoice__due_on=expires_on,
    )


def saved_means(*, using: str = DEFAULT_DB_ALIAS) -> QuerySet[PaymentMethod]:
    """Return the saved means of all that the caller sees, without those whose payments are disputed."""
    disputed = Dispute.objects.using(using).filter(attempt__method__isnull=False)
    return (
        PaymentMethod.objects.using(using)
        .filter(removed_at=None)
        .exclude(pk__in=disputed.exclude(status=DisputeStatus.WON).values("attempt__method"))
    )


def usable_of(saved: Iterable[PaymentMethod], currencies: Mapping[int, str]) -> dict[int, set[int]]:
    """Return by organization which of the `saved` means can be charged in its currency."""
    usable = defaultdict(set)
    for method in saved:
        if takes(method, currencies[method.organization_id]):
            usable[method.organization_id].add(method.pk)
    return usable


def _read_others(for_good: Collection[Renewal], using: str) -> OtherMeans:
    attempts = PaymentAttempt.objects.using(using).filter(
        invoice__status=InvoiceStatus.CANCELLED,
        invoice__lines__product__in=[row.product_id for row in for_good],
        invoice__due_on=F("invoice__lines__product__expires_on"),
    )
    tried = defaultdict(set)
    for product, method in attempts.values_list("invoice__lines__product", "method"):
        tried[product].add(method)
    owners = {row.organization_id for row in for_good}
    saved = list(saved_means(using=using).filter(organization__in=owners).select_related("organization"))
    currencies = {method.organization_id: method.organization.currency for method in saved}
    return OtherMeans(tried, usable_of(saved, currencies))
