"""Attempts to pay: the intent is stored before the provider is called (BIL-16)."""

from django.db import models
from django.db.models import Q

from billing.invoices.models import Invoice
from billing.payment_methods.models import PaymentMethod
from billing.payments.status import OPEN, AttemptStatus
from manager.kit.fields import CURRENCIES
from manager.kit.money import Money
from organizations.tenancy.models import OrganizationOwned


class Initiator(models.TextChoices):
    """Who began an attempt."""

    PERSON = "person", "person"
    RENEWAL = "renewal", "renewal"


class PaymentAttempt(OrganizationOwned):
    """One attempt to pay one invoice; at most one is open per invoice, by constraint.

    Worked on under a lease (`lease_until`) with a `fence` that grows with each taking: a result
    written with an older fence is refused.
    """

    invoice = models.ForeignKey(Invoice, on_delete=models.PROTECT, related_name="attempts")
    sequence = models.PositiveIntegerField()
    status = models.CharField(max_length=16, choices=AttemptStatus.choices, default=AttemptStatus.CREATED)
    initiator = models.CharField(max_length=8, choices=Initiator.choices)
    gateway = models.SlugField()
    method = models.ForeignKey(PaymentMethod, on_delete=models.PROTECT, related_name="+", null=True)
    amount = models.BigIntegerField()
    currency = models.CharField(max_length=3, choices=CURRENCIES)
    idempotency_key = models.CharField(max_length=80, unique=True)
    reference = models.CharField(max_length=120, blank=True)
    checkout_reference = models.CharField(max_length=120, blank=True)
    redirect_url = models.URLField(max_length=1000, blank=True)
    decline_code = models.CharField(max_length=60, blank=True)
    decline_kind = models.CharField(max_length=16, blank=True)
    lease_until = models.DateTimeField(null=True)
    fence = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["invoice", "sequence"], name="attempt_sequence"),
            models.UniqueConstraint(
                fields=["invoice"], condition=Q(status__in=sorted(OPEN)), name="attempt_one_open_per_invoice"
            ),
            models.CheckConstraint(condition=Q(amount__gt=0), name="attempt_amount_positive"),
        ]
        indexes = [
            models.Index(fields=["lease_until"], condition=Q(status__in=sorted(OPEN)), name="attempt_stale"),
            models.Index(fields=["reference"], name="attempt_reference"),
        ]

    def __str__(self) -> str:
        return self.idempotency_key

    @property
    def money(self) -> Money:
        """What the attempt charges."""
        return Money(self.amount, self.currency)
