"""Refunds: the intent is stored before the provider is called (BIL-16)."""

import pgtrigger
from django.db import models
from django.db.models import Q

from billing.invoices.models import CreditNote, Invoice
from billing.payments.models import PaymentAttempt
from billing.refunds.status import OPEN, TRANSITIONS, RefundStatus
from manager.kit.fields import CURRENCIES
from manager.kit.money import Money
from organizations.tenancy.models import OrganizationOwned


class Refund(OrganizationOwned):
    """Some lines of a paid invoice given back, to the charge that paid it; without `attempt` as balance.

    `origin_key` makes one refund of one cause. The row keeps all that the call to the provider is made of.
    It is worked on under a lease (`lease_until`) with a `fence` that grows with each taking; while nobody
    works on it, `lease_until` is when the provider is asked next. The credit note is written with the money.
    """

    invoice = models.ForeignKey(Invoice, on_delete=models.PROTECT, related_name="refunds")
    attempt = models.ForeignKey(PaymentAttempt, on_delete=models.PROTECT, related_name="+", null=True)
    status = models.CharField(max_length=10, choices=RefundStatus.choices, default=RefundStatus.CREATED)
    origin_key = models.CharField(max_length=80)
    idempotency_key = models.CharField(max_length=80, unique=True)
    lines = models.JSONField()
    line_ids = models.JSONField(default=list)
    reason = models.CharField(max_length=250)
    amount = models.BigIntegerField()
    currency = models.CharField(max_length=3, choices=CURRENCIES)
    reference = models.CharField(max_length=120, blank=True)
    failure_code = models.CharField(max_length=60, blank=True)
    credit_note = models.OneToOneField(CreditNote, on_delete=models.PROTECT, related_name="+", null=True)
    lease_until = models.DateTimeField(null=True)
    fence = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "origin_key"], name="refund_once"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="refund_amount_positive"),
            models.CheckConstraint(
                condition=Q(status__in=sorted(OPEN), finished_at=None, credit_note=None)
                | (~Q(status__in=sorted(OPEN)) & Q(finished_at__isnull=False, credit_note__isnull=False)),
                name="refund_finished_with_note",
            ),
        ]
        indexes = [
            models.Index(fields=["lease_until"], condition=Q(status__in=sorted(OPEN)), name="refund_to_make")
        ]
        triggers = [
            pgtrigger.FSM(
                name="follows_the_table",
                field="status",
                transitions=[
                    (str(old), str(new)) for old, steps in TRANSITIONS.items() for new in sorted(steps)
                ],
            )
        ]

    def __str__(self) -> str:
        return f"refund of {self.amount} {self.currency}"

    @property
    def money(self) -> Money:
        """What is given back, VAT included."""
        return Money(self.amount, self.currency)
