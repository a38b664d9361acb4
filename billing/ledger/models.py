"""The ledger: double entry, only added to; the database refuses anything else (BIL-15)."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from manager.kit.fields import CURRENCIES
from organizations.tenancy.models import OrganizationOwned


class AccountKind(models.TextChoices):
    """The chart of accounts (BIL-15). Credit is positive, debit is negative.

    What is owed to us or lies elsewhere: `receivable` (invoices not paid), `provider` (charged and not paid
    out by the provider), `bank`, `disputes` (charged back while the provider decides).
    What we owe: `prepaid` (balance of the customer), `tax` (VAT).
    What was earned: `revenue` is what was sold before discounts, without VAT. What lowers it stands apart:
    `promotions` (discounts of codes and free credits), `refunds` (credit notes, and disputes that were
    lost), `cashback`. `fees` is what the provider keeps, `rounding` what is lost or won by it.
    Entries that were posted before an account existed stay where they are.
    """

    RECEIVABLE = "receivable", _("Receivable")
    REVENUE = "revenue", _("Revenue")
    TAX = "tax", _("VAT")
    PREPAID = "prepaid", _("Prepaid account")
    PROVIDER = "provider", _("Payment provider")
    BANK = "bank", _("Bank")
    RESERVED = "reserved", _("Set aside for invoices")
    PAYOUTS = "payouts", _("Payouts on their way")
    FEES = "fees", _("Fees of the provider")
    REFUNDS = "refunds", _("Refunds")
    PROMOTIONS = "promotions", _("Promotions")
    CASHBACK = "cashback", _("Cashback")
    ROUNDING = "rounding", _("Rounding")
    DISPUTES = "disputes", _("Disputes")


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
            models.CheckConstraint(
                condition=~Q(kind__in=["reserved", "payouts"]) | Q(balance__gte=0),
                name="set_aside_not_negative",
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
    """One side of a journal: credit positive, debit negative, in minor units.

    `balance` is what was on the account after it; the database alone writes it, under the account's lock. A
    journal has one entry of an account, so that each follows on from the one before.
    """

    journal = models.ForeignKey(Journal, on_delete=models.PROTECT, related_name="entries")
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="entries", db_index=False)
    amount = models.BigIntegerField()
    balance = models.BigIntegerField(default=0, db_default=0, editable=False)

    class Meta:
        verbose_name_plural = "entries"
        indexes = [models.Index(fields=["account", "id"], name="entry_of_account")]
        constraints = [models.CheckConstraint(condition=~Q(amount=0), name="entry_not_zero")]

    def __str__(self) -> str:
        return f"{self.amount} on {self.account_id}"
