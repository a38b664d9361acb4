"""Disputes of charges, as the provider tells them."""

import pgtrigger
from django.db import models
from django.db.models import Q

from billing.disputes.reasons import describe_reason
from billing.disputes.status import TRANSITIONS, UNDECIDED, DisputeStatus
from billing.payments.models import PaymentAttempt
from manager.kit.errors import Text
from manager.kit.fields import CURRENCIES
from manager.kit.money import Money
from organizations.tenancy.models import OrganizationOwned


class Dispute(OrganizationOwned):
    """One dispute of one charge; `reason` is the provider's word, `evidence_due_at` the end for our answer.

    `withdrawn_at` is when the provider took the money (and `fee_amount`) from us; it comes back when the
    dispute is won.
    """

    attempt = models.ForeignKey(PaymentAttempt, on_delete=models.PROTECT, related_name="disputes")
    gateway = models.SlugField()
    reference = models.CharField(max_length=120)
    status = models.CharField(max_length=10, choices=DisputeStatus.choices, default=DisputeStatus.OPEN)
    reason = models.CharField(max_length=60, blank=True)
    amount = models.BigIntegerField()
    fee_amount = models.BigIntegerField(default=0)
    currency = models.CharField(max_length=3, choices=CURRENCIES)
    evidence_due_at = models.DateTimeField(null=True)
    opened_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        permissions = [("look_after_disputes", "Look after disputes")]
        constraints = [
            models.UniqueConstraint(fields=["gateway", "reference"], name="dispute_once"),
            models.CheckConstraint(condition=Q(amount__gt=0, fee_amount__gte=0), name="dispute_amounts"),
            models.CheckConstraint(
                condition=Q(status__in=sorted(UNDECIDED), closed_at=None)
                | (~Q(status__in=sorted(UNDECIDED)) & Q(closed_at__isnull=False)),
                name="dispute_closed_when_decided",
            ),
        ]
        indexes = [models.Index(fields=["organization", "-id"], name="dispute_newest_first")]
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
        return self.reference

    @property
    def money(self) -> Money:
        """What is disputed, VAT included."""
        return Money(self.amount, self.currency)

    @property
    def fee(self) -> Money:
        """What the provider keeps for looking into it."""
        return Money(self.fee_amount, self.currency)

    @property
    def reason_text(self) -> Text:
        """Why it is disputed, in words."""
        return describe_reason(self.reason)

    @property
    def is_undecided(self) -> bool:
        """Whether the provider has not decided yet."""
        return self.status in UNDECIDED
