"""Withdrawals, and the files of payment orders that they go out with (BIL-7)."""

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from billing.withdrawals.reasons import describe
from billing.withdrawals.status import APPROVED_ONCE, TRANSITIONS, WithdrawalStatus
from manager.kit.errors import Text
from manager.kit.fields import CURRENCIES
from manager.kit.money import Money
from organizations.tenancy.models import OrganizationOwned


class PayoutMeans(models.TextChoices):
    """Where a withdrawal is paid to."""

    IBAN = "iban", _("Bank account")
    PAYPAL = "paypal", _("PayPal")


class PayoutBatch(models.Model):
    """One file of payment orders for the bank, or one list for PayPal; made of its withdrawals each time."""

    means = models.CharField(max_length=6, choices=PayoutMeans.choices)
    currency = models.CharField(max_length=3, choices=CURRENCIES)
    made_by = models.BigIntegerField()
    made_by_name = models.CharField(max_length=200)
    made_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "payout batches"

    def __str__(self) -> str:
        return f"PAYOUT-{self.pk:06d}"


class Withdrawal(OrganizationOwned):
    """Balance that its owner wants paid out. The money leaves the account with the request.

    `needs_two`: above the operator's limit two different members of the staff approve, which the database
    holds as well; nobody approves what he or she asked for. What is paid to whom never changes.
    `request_key` makes one row of one form, however often it is sent. `return_charges` is what banks kept of
    one that came back, in minor units: the operator's costs.
    """

    status = models.CharField(
        max_length=10, choices=WithdrawalStatus.choices, default=WithdrawalStatus.REQUESTED
    )
    means = models.CharField(max_length=6, choices=PayoutMeans.choices)
    holder = models.CharField(max_length=70)
    iban = models.CharField(max_length=34, blank=True)
    paypal = models.EmailField(blank=True)
    amount = models.BigIntegerField()
    currency = models.CharField(max_length=3, choices=CURRENCIES)
    needs_two = models.BooleanField()
    requested_by = models.BigIntegerField(null=True)
    requested_by_name = models.CharField(max_length=200, blank=True)
    requested_at = models.DateTimeField()
    request_key = models.CharField(max_length=64, blank=True, default="", db_default="")
    first_approved_by = models.BigIntegerField(null=True)
    first_approved_by_name = models.CharField(max_length=200, blank=True)
    approved_by = models.BigIntegerField(null=True)
    approved_by_name = models.CharField(max_length=200, blank=True)
    approved_at = models.DateTimeField(null=True)
    batch = models.ForeignKey(PayoutBatch, on_delete=models.PROTECT, related_name="withdrawals", null=True)
    reason = models.CharField(max_length=250, blank=True)
    return_charges = models.BigIntegerField(default=0, db_default=0)
    paid_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        permissions = [("pay_out", "Approve and pay out withdrawals")]
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "request_key"],
                condition=~Q(request_key=""),
                name="withdrawal_once_per_request",
            ),
            models.CheckConstraint(condition=Q(amount__gt=0), name="withdrawal_amount_positive"),
            models.CheckConstraint(
                condition=Q(return_charges=0)
                | Q(status="returned", return_charges__gt=0, return_charges__lt=F("amount")),
                name="withdrawal_return_charges",
            ),
            models.CheckConstraint(
                condition=(Q(means="iban", paypal="") & ~Q(iban=""))
                | (Q(means="paypal", iban="") & ~Q(paypal="")),
                name="withdrawal_one_destination",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=sorted(APPROVED_ONCE)) | Q(approved_by__isnull=False),
                name="withdrawal_approved_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(needs_two=False)
                | Q(approved_by=None)
                | (Q(first_approved_by__isnull=False) & ~Q(first_approved_by=F("approved_by"))),
                name="withdrawal_four_eyes",
            ),
        ]
        indexes = [
            models.Index(fields=["organization", "-id"], name="withdrawal_newest_first"),
            models.Index(
                fields=["id"],
                condition=Q(status__in=["requested", "approved", "sent"]),
                name="withdrawal_open",
            ),
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
        return f"withdrawal {self.pk}"

    @property
    def money(self) -> Money:
        """What is paid out."""
        return Money(self.amount, self.currency)

    @property
    def destination(self) -> str:
        """The account number in groups of four, or the address at PayPal."""
        if self.paypal:
            return self.paypal
        return " ".join(self.iban[at : at + 4] for at in range(0, len(self.iban), 4))

    @property
    def destination_hidden(self) -> str:
        """The destination as lists and mails show it, its middle left out."""
        if self.paypal:
            return f"{self.paypal[:2]}…@{self.paypal.rpartition('@')[2]}"
        return f"{self.iban[:4]} … {self.iban[-4:]}"

    @property
    def reason_text(self) -> Text:
        """Why it was refused or came back, in words."""
        return describe(self.reason)

    @property
    def waits_for_second(self) -> bool:
        """Whether one of two people has approved it."""
        return self.status == WithdrawalStatus.REQUESTED and self.first_approved_by is not None
