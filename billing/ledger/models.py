"""The ledger: double entry, only added to; the database refuses anything else (BIL-15)."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from manager.kit.fields import CURRENCIES
from organizations.tenancy.models import OrganizationOwned


class AccountKind(models.TextChoices):
    """What an account holds. Amounts are positive on the credit side, negative on the debit side."""

    RECEIVABLE = "receivable", _("Receivable")
    REVENUE = "revenue", _("Revenue")
    TAX = "tax", _("VAT")
    PREPAID = "prepaid", _("Prepaid account")
    PROVIDER = "provider", _("Payment provider")
    BANK = "bank", _("Bank")


class Account(OrganizationOwned):
    """An account of an organization in one currency; `balance` is kept by the database alone."""

    kind = models.CharField(max_length=12, choices=AccountKind.choices)
    currency = models.CharField(max_length=3, choices=CURRENCIES)
    balance = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "kind", "currency"], name="account_unique"),
            models.CheckConstraint(
                condition=~Q(kind="prepaid") | Q(balance__gte=0), name="prepaid_not_negative"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.currency} of {self.organization_id}"


class Journal(OrganizationOwned):
    """One movement of money: entries that sum to zero. `reference` makes each fact one journal.

    `posted_in` is the database transaction that wrote it: no other one can add an entry.
    """

    reference = models.CharField(max_length=80)
    kind = models.CharField(max_length=30)
    currency = models.CharField(max_length=3, choices=CURRENCIES)
    invoice_id = models.BigIntegerField(null=True)
    description = models.CharField(max_length=200, blank=True)
    posted_in = models.BigIntegerField(null=True, editable=False)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organization", "reference"], name="journal_once")]

    def __str__(self) -> str:
        return self.reference


class Entry(OrganizationOwned):
    """One side of a journal: credit positive, debit negative, in minor units."""

    journal = models.ForeignKey(Journal, on_delete=models.PROTECT, related_name="entries")
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="entries")
    amount = models.BigIntegerField()

    class Meta:
        verbose_name_plural = "entries"
        constraints = [models.CheckConstraint(condition=~Q(amount=0), name="entry_not_zero")]

    def __str__(self) -> str:
        return f"{self.amount} on {self.account_id}"
