"""Statements of the operator's bank, and what of them became money of an organization (BIL-17).

A statement and its entries are the operator's: they belong to no organization, and no page of a customer
reads them. What is booked is a `BankReceipt`, which is the organization's.
"""

import pgtrigger
from django.db import models
from django.db.models import Q

from billing.bank.status import OPEN, TRANSITIONS, EntryStatus, Received, Source, Why
from billing.bank.told import tell_refusal
from billing.invoices.models import Invoice
from billing.profiles.models import LegalEntity
from billing.withdrawals.reasons import describe
from manager.kit.errors import Text
from manager.kit.fields import CURRENCIES
from manager.kit.money import Money
from organizations.tenancy.models import OrganizationOwned

_STEPS = [(str(old), str(new)) for old, steps in TRANSITIONS.items() for new in sorted(steps)]


class Statement(models.Model):
    """One file of the bank, kept once by the SHA-256 of its bytes.

    `known_count` are bookings of it that another file had brought already, `pending_count` those that the
    bank only announces.
    """

    digest = models.CharField(max_length=64, unique=True)
    file_name = models.CharField(max_length=200)
    source = models.CharField(max_length=8, choices=Source.choices)
    kind = models.CharField(max_length=8)
    version = models.CharField(max_length=2)
    message_id = models.CharField(max_length=70, blank=True)
    accounts = models.JSONField(default=list)
    known_count = models.PositiveIntegerField(default=0)
    pending_count = models.PositiveIntegerField(default=0)
    imported_at = models.DateTimeField()
    imported_by = models.BigIntegerField(null=True)
    imported_by_name = models.CharField(max_length=200, blank=True)

    class Meta:
        permissions = [("look_after_bank", "Look after bank statements and match payments")]

    def __str__(self) -> str:
        return self.file_name


class RefusedFile(models.Model):
    """A file of the bank that could not be kept, by the SHA-256 of its bytes, and why; nothing of it is kept.

    `code` is the refusal's, `reason` what it said to who gave the file; readers are shown `told_reason`. The
    same file again only counts (`times`).
    """

    digest = models.CharField(max_length=64, unique=True)
    file_name = models.CharField(max_length=200)
    source = models.CharField(max_length=8, choices=Source.choices)
    size = models.PositiveBigIntegerField()
    code = models.CharField(max_length=40)
    reason = models.CharField(max_length=300)
    times = models.PositiveIntegerField(default=1)
    refused_at = models.DateTimeField()
    given_by_name = models.CharField(max_length=200, blank=True)

    def __str__(self) -> str:
        return self.file_name

    @property
    def told_reason(self) -> str:
        """Why, in the active language."""
        return tell_refusal(self.reason)


class StatementEntry(models.Model):
    """One movement of the operator's account; `identity` is the same in every file that tells of it.

    `amount` is what moved, `charges` what the bank had kept of the payment before, both in minor units and
    never negative; `is_credit` says in which direction. `booking` is shared by the transactions of one batch;
    `is_sum` marks a batch without its transactions. The candidate is a proposal, or what was booked.
    """

    statement = models.ForeignKey(Statement, on_delete=models.PROTECT, related_name="entries")
    legal_entity = models.ForeignKey(LegalEntity, on_delete=models.PROTECT, related_name="+")
    identity = models.CharField(max_length=64, unique=True)
    booking = models.CharField(max_length=64, db_index=True)
    is_sum = models.BooleanField(default=False)
    iban = models.CharField(max_length=34)
    currency = models.CharField(max_length=3, choices=CURRENCIES)
    amount = models.BigIntegerField()
    charges = models.BigIntegerField(default=0)
    is_credit = models.BooleanField()
    is_reversal = models.BooleanField(default=False)
    booked_on = models.DateField()
    value_on = models.DateField()
    reference = models.CharField(max_length=40, blank=True)
    text = models.CharField(max_length=500, blank=True)
    name = models.CharField(max_length=140, blank=True)
    name_iban = models.CharField(max_length=34, blank=True)
    end_to_end = models.CharField(max_length=70, blank=True)
    bank_reference = models.CharField(max_length=70, blank=True)
    instructed = models.CharField(max_length=40, blank=True)
    return_reason = models.CharField(max_length=140, blank=True)

    status = models.CharField(max_length=8, choices=EntryStatus.choices, default=EntryStatus.NEW)
    why = models.CharField(max_length=20, choices=Why.choices, default=Why.NONE, blank=True)
    confidence = models.PositiveSmallIntegerField(default=0)
    # Ids, not foreign keys: the entry is nobody's, and says of whom it may be.
    candidate_organization = models.BigIntegerField(null=True)
    candidate_invoice = models.BigIntegerField(null=True)
    candidate_withdrawal = models.BigIntegerField(null=True)
    reverses = models.ForeignKey("self", on_delete=models.PROTECT, related_name="reversed_by", null=True)
    due_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "statement entries"
        triggers = [
            pgtrigger.FSM(name="follows_the_table", field="status", transitions=_STEPS),
            pgtrigger.ReadOnly(
                name="facts_stay", fields=["statement", "identity", "iban", "currency", "amount", "is_credit"]
            ),
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0, charges__gte=0), name="bank_entry_positive"),
            models.CheckConstraint(condition=Q(confidence__lte=100), name="bank_entry_confidence"),
            models.CheckConstraint(
                condition=~Q(status__in=["proposed", "booked"]) | Q(candidate_organization__isnull=False),
                name="bank_entry_says_whose",
            ),
            models.UniqueConstraint(
                fields=["reverses"], condition=Q(status="booked"), name="bank_entry_reversed_once"
            ),
        ]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(status="new"), name="bank_entry_new"),
            models.Index(fields=["status", "-id"], name="bank_entry_by_status"),
        ]

    def __str__(self) -> str:
        return f"{'' if self.is_credit else '-'}{self.money}"

    @property
    def money(self) -> Money:
        """What moved on the account."""
        return Money(self.amount, self.currency)

    @property
    def ledger_reference(self) -> str:
        """The ledger's name of the entry's money (BIL-16)."""
        return f"bank:{self.pk}"

    @property
    def paid(self) -> Money:
        """What the customer paid: what moved, and what the bank kept of it."""
        return Money(self.amount + self.charges, self.currency)

    @property
    def return_reason_text(self) -> Text:
        """Why it came back, in words."""
        return describe(self.return_reason)

    @property
    def is_open(self) -> bool:
        """Whether nothing is booked of it yet."""
        return self.status in OPEN


class EntryDecision(models.Model):
    """What staff decided about an entry; never changed. `data` holds ids and the reason."""

    entry = models.ForeignKey(StatementEntry, on_delete=models.PROTECT, related_name="decisions")
    verb = models.CharField(max_length=20)
    reason = models.CharField(max_length=300, blank=True)
    data = models.JSONField(default=dict)
    actor_kind = models.CharField(max_length=10)
    actor_id = models.BigIntegerField(null=True)
    actor_name = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()

    class Meta:
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.verb} {self.entry_id}"


class BankReceipt(OrganizationOwned):
    """Money of the bank that was booked for an organization: one of each entry, by constraint (BIL-16).

    `amount` is what was paid, of which `to_invoice` went to the invoice and `to_balance` to the prepaid
    account, in minor units. A transfer that the bank took back is a receipt of its own.
    """

    entry = models.OneToOneField(StatementEntry, on_delete=models.PROTECT, related_name="receipt")
    invoice = models.ForeignKey(Invoice, on_delete=models.PROTECT, related_name="receipts", null=True)
    kind = models.CharField(max_length=10, choices=Received.choices)
    amount = models.BigIntegerField()
    to_invoice = models.BigIntegerField(default=0)
    to_balance = models.BigIntegerField(default=0)
    charges = models.BigIntegerField(default=0)
    currency = models.CharField(max_length=3, choices=CURRENCIES)
    received_on = models.DateField()
    payer = models.CharField(max_length=140, blank=True)
    booked_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    amount__gt=0,
                    to_invoice__gte=0,
                    to_balance__gte=0,
                    amount=models.F("to_invoice") + models.F("to_balance"),
                ),
                name="bank_receipt_adds_up",
            ),
            models.CheckConstraint(
                condition=Q(to_invoice=0) | Q(invoice__isnull=False), name="bank_receipt_names_invoice"
            ),
        ]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]
        indexes = [models.Index(fields=["organization", "-id"], name="bank_receipt_newest")]

    def __str__(self) -> str:
        return f"{self.kind} {self.money}"

    @property
    def money(self) -> Money:
        """The whole payment."""
        return Money(self.amount, self.currency)

    @property
    def for_invoice(self) -> Money:
        """What went to the invoice."""
        return Money(self.to_invoice, self.currency)

    @property
    def for_balance(self) -> Money:
        """What went to the prepaid account."""
        return Money(self.to_balance, self.currency)
