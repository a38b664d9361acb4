"""A refused charge outlives its draft: what is planned anew with the same means waits as it did (BIL-11)."""

from collections import defaultdict
from collections.abc import Collection, Iterable
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


class KeptRefusal(NamedTuple):
    """When a means that was refused is tried again (None: not again), and how often it was tried."""

    method_id: int | None
    next_attempt_on: date | None
    attempts: int


def kept_refusals(taken_back: Iterable[Renewal], *, using: str = DEFAULT_DB_ALIAS) -> dict[int, KeptRefusal]:
    """Return by product what the last of its renewals `OF_COMING_PERIOD` was told; they come oldest first.

    It holds for what is planned anew with the same means, until somebody chooses another one. What was paid
    and given back was not refused. After a refusal for good the next means in the order is charged at once,
    if one was saved since (BIL-9). Two queries more where there are such.
    """
    last = {row.product_id: row for row in taken_back}
    refused = [row for row in last.values() if row.attempts and row.settled_at is None]
    for_good = [row for row in refused if row.next_attempt_on is None]
    at_once = _with_another_means(for_good, using) if for_good else set()
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


def _with_another_means(for_good: Collection[Renewal], using: str) -> set[int]:
    """Return the products for which a means is saved that can be charged and was not tried yet."""
    attempts = PaymentAttempt.objects.using(using).filter(
        invoice__status=InvoiceStatus.CANCELLED,
        invoice__lines__product__in=[row.product_id for row in for_good],
        invoice__due_on=F("invoice__lines__product__expires_on"),
    )
    tried = set(attempts.values_list("invoice__lines__product", "method"))
    disputed = Dispute.objects.using(using).filter(attempt__method__isnull=False)
    saved = (
        PaymentMethod.objects.using(using)
        .filter(organization__in={row.organization_id for row in for_good}, removed_at=None)
        .exclude(pk__in=disputed.exclude(status=DisputeStatus.WON).values("attempt__method"))
        .select_related("organization")
    )
    usable = defaultdict(set)
    for method in saved:
        if takes(method, method.organization.currency):
            usable[method.organization_id].add(method.pk)
    return {
        row.product_id
        for row in for_good
        if any((row.product_id, pk) not in tried for pk in usable[row.organization_id] - {row.method_id})
    }
