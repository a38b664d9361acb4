"""Refunds: the intent is stored before the provider is called (BIL-16)."""

import pgtrigger
from django.db import models
from django.db.models import Q

from billing.gateway.refund_codes import describe_refund_code
from billing.invoices.models import CreditNote, Invoice
from billing.invoices.told import tell_reason
from billing.payments.models import PaymentAttempt
from billing.refunds.status import OPEN, TRANSITIONS, RefundStatus
from manager.kit.errors import Text
from manager.kit.fields import CURRENCIES
from manager.kit.money import Money
from organizations.tenancy.models import OrganizationOwned


class Refund(OrganizationOwned):
    """Lines of a paid invoice given back, to the charge that paid it; without `attempt` as balance.

    `amount` is all of it, VAT included; `kept_amount` of it becomes balance although there is a charge, as
    the charge took no more (it was paid in part from the prepaid account). `lines` are those of the credit
    note. `ends_products`: what was refunded as a whole ended with it. The database lets nobody give back
    more than the invoice was over. `origin_key` makes one refund of one cause. The row keeps all that the
    call to the provider is made of.

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
    kept_amount = models.BigIntegerField(default=0, db_default=0)
    ends_products = models.BooleanField(default=False, db_default=False)
    begun_by_name = models.CharField(max_length=200, blank=True, default="", db_default="")
    currency = models.CharField(max_length=3, choices=CURRENCIES)
    reference = models.CharField(max_length=120, blank=True)
    failure_code = models.CharField(max_length=60, blank=True)
    credit_note = models.OneToOneField(CreditNote, on_delete=models.PROTECT, related_name="+", null=True)
    lease_until = models.DateTimeField(null=True)
    fence = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    class Meta:
        permissions = [("give_refunds", "Give refunds")]
        constraints = [
            models.UniqueConstraint(fields=["organization", "origin_key"], name="refund_once"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="refund_amount_positive"),
            models.CheckConstraint(
                condition=Q(kept_amount=0)
                | Q(kept_amount__gt=0, kept_amount__lt=models.F("amount"), attempt__isnull=False),
                name="refund_kept_within",
            ),
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
        return f"refund of {self.money}"

    @property
    def told_reason(self) -> str:
        """Why, in the active language where the words are ours."""
        return tell_reason(self.reason)

    @property
    def told_failure(self) -> Text:
        """What the provider said against it, in words; "" where it said nothing."""
        return describe_refund_code(self.failure_code)

    @property
    def money(self) -> Money:
        """What is given back, VAT included."""
        return Money(self.amount, self.currency)

    @property
    def to_means(self) -> Money:
        """What goes to the charge that paid; the rest becomes balance."""
        return Money(self.amount - self.kept_amount if self.attempt_id else 0, self.currency)

    @property
    def given_to_means(self) -> Money:
        """What goes, or went, to the means that paid; nothing of what it did not take."""
        return Money(0, self.currency) if self.status == RefundStatus.KEPT else self.to_means

    @property
    def is_open(self) -> bool:
        """Whether the money is still on its way."""
        return self.status in OPEN


class ChargeFee(OrganizationOwned):
    """What the provider keeps of a charge; `amount` is None until it tells, asked again at `due_at`."""

    attempt = models.OneToOneField(PaymentAttempt, on_delete=models.PROTECT, related_name="fee")
    amount = models.BigIntegerField(null=True)
    currency = models.CharField(max_length=3, choices=CURRENCIES)
    tries = models.PositiveIntegerField(default=0)
    due_at = models.DateTimeField(null=True)
    told_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(amount=None, told_at=None) | Q(amount__gte=0, told_at__isnull=False, due_at=None),
                name="fee_told_with_amount",
            )
        ]
        indexes = [models.Index(fields=["due_at"], condition=Q(due_at__isnull=False), name="fee_to_ask")]

    def __str__(self) -> str:
        return f"fee of payment {self.attempt_id}"

    @property
    def money(self) -> Money | None:
        """What the provider keeps, None while it has not told."""
        return None if self.amount is None else Money(self.amount, self.currency)
