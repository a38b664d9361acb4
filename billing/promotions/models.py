"""Promotional codes with their uses, and free credits (BIL-13)."""

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from billing.invoices.models import Invoice
from manager.kit.fields import CURRENCIES
from manager.kit.money import Money
from organizations.tenancy.models import OrganizationOwned
from products.catalog.models import Plan


class CodeKind(models.TextChoices):
    """How much a code takes off."""

    PERCENT = "percent", _("Percent of each line")
    FIXED = "fixed", _("A fixed amount, once for each order")


class PromoCode(models.Model):
    """A code of the operator. `percent` is in basis points, amounts are in minor units without VAT.

    Empty `plans`, `families` (slugs) and `months` mean all of them. `only_organization` makes it one
    customer's. `used` counts the orders that use it now; the database holds it within `limit_total`.
    """

    code = models.CharField(max_length=32, unique=True)
    note = models.CharField(max_length=200, blank=True)
    kind = models.CharField(max_length=8, choices=CodeKind.choices)
    percent = models.PositiveIntegerField(null=True)
    amount = models.BigIntegerField(null=True)
    currency = models.CharField(max_length=3, choices=CURRENCIES, blank=True)
    plans = models.JSONField(default=list)
    families = models.JSONField(default=list)
    months = models.JSONField(default=list)
    minimum_amount = models.BigIntegerField(null=True)
    first_order_only = models.BooleanField(default=False)
    limit_total = models.PositiveIntegerField(null=True)
    limit_per_organization = models.PositiveIntegerField(null=True)
    only_organization = models.BigIntegerField(null=True)
    valid_from = models.DateField()
    valid_until = models.DateField(null=True)
    used = models.PositiveIntegerField(default=0)
    closed_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        permissions = [("manage_promotions", "Manage promotional codes and free credits")]
        constraints = [
            models.CheckConstraint(
                condition=Q(limit_total=None) | Q(used__lte=F("limit_total")), name="promo_code_within_limit"
            ),
            models.CheckConstraint(
                condition=Q(kind="percent", percent__gte=1, percent__lte=10_000, amount=None)
                | (Q(kind="fixed", amount__gte=1, percent=None) & ~Q(currency="")),
                name="promo_code_takes_off",
            ),
            models.CheckConstraint(
                condition=Q(minimum_amount=None) | ~Q(currency=""), name="promo_code_minimum_has_currency"
            ),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def money(self) -> Money | None:
        """The fixed amount, None for a percentage."""
        return Money(self.amount, self.currency) if self.amount is not None else None

    @property
    def minimum(self) -> Money | None:
        """What the lines that it is for have to cost at least, without VAT."""
        return Money(self.minimum_amount, self.currency) if self.minimum_amount is not None else None


class PromoCodeChange(models.Model):
    """What staff did to a code: who, when, before and after. The database refuses to change it."""

    code = models.ForeignKey(PromoCode, on_delete=models.PROTECT, related_name="changes")
    what = models.CharField(max_length=20)
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)
    actor_id = models.BigIntegerField(null=True)
    actor_name = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()

    class Meta:
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.what} {self.code_id}"


class CartCode(OrganizationOwned):
    """A code that was entered at the checkout and waits in the cart; it holds no use yet."""

    code = models.ForeignKey(PromoCode, on_delete=models.CASCADE, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organization", "code"], name="cart_code_once")]

    def __str__(self) -> str:
        return f"{self.code_id} in the cart of {self.organization_id}"


class CodeUse(OrganizationOwned):
    """A code used by an order, named by its invoice; `amount` is what it took off, without VAT."""

    code = models.ForeignKey(PromoCode, on_delete=models.PROTECT, related_name="uses")
    invoice = models.ForeignKey(Invoice, on_delete=models.PROTECT, related_name="code_uses")
    amount = models.BigIntegerField()
    currency = models.CharField(max_length=3, choices=CURRENCIES)
    used_by = models.BigIntegerField(null=True)
    used_at = models.DateTimeField()
    given_back_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["invoice", "code"], name="code_use_once"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="code_use_takes_off"),
        ]
        indexes = [models.Index(fields=["organization", "-id"], name="code_use_newest_first")]

    def __str__(self) -> str:
        return f"{self.code_id} on {self.invoice_id}"

    @property
    def money(self) -> Money:
        """What it took off, without VAT."""
        return Money(self.amount, self.currency)


class FreeCredit(OrganizationOwned):
    """A plan, or a part of its price, that staff gave to an organization: an amount, or months, of one unit.

    It is used by one order, named by its invoice.
    """

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="+")
    amount = models.BigIntegerField(null=True)
    currency = models.CharField(max_length=3, choices=CURRENCIES, blank=True)
    months = models.PositiveSmallIntegerField(null=True)
    reason = models.CharField(max_length=200)
    valid_from = models.DateField()
    valid_until = models.DateField(null=True)
    granted_by = models.CharField(max_length=200)
    granted_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)
    invoice = models.ForeignKey(Invoice, on_delete=models.PROTECT, related_name="free_credits", null=True)
    used_amount = models.BigIntegerField(null=True)
    used_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=(Q(amount__gte=1, months=None) & ~Q(currency=""))
                | Q(amount=None, months__gte=1, currency=""),
                name="free_credit_amount_or_months",
            ),
            models.CheckConstraint(
                condition=Q(invoice=None, used_at=None, used_amount=None)
                | Q(invoice__isnull=False, used_at__isnull=False, used_amount__gte=0, withdrawn_at=None),
                name="free_credit_used_once",
            ),
        ]
        indexes = [models.Index(fields=["organization", "-id"], name="free_credit_newest_first")]

    def __str__(self) -> str:
        return f"{self.plan_id} for {self.organization_id}"

    @property
    def used_money(self) -> Money:
        """What it takes off the order that uses it, without VAT."""
        return Money(self.used_amount or 0, self.invoice.currency if self.invoice else self.currency)

    @property
    def money(self) -> Money | None:
        """The amount, without VAT; None for one of months."""
        return Money(self.amount, self.currency) if self.amount is not None else None
