"""Saved means of payment, as far as the panel knows them: never a card's number (BIL-9)."""

from datetime import date

from django.db import models
from django.utils.translation import gettext_lazy as _

from organizations.tenancy.models import OrganizationOwned


class MethodKind(models.TextChoices):
    """Kinds of means that can be charged without the person (BIL-10)."""

    CARD = "card", _("Card")
    TWINT = "twint", _("TWINT")
    PAYPAL = "paypal", _("PayPal")
    PREPAID = "prepaid", _("Prepaid account")


class ProviderCustomer(OrganizationOwned):
    """The organization as a payment provider knows it."""

    gateway = models.SlugField()
    reference = models.CharField(max_length=120)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organization", "gateway"], name="provider_customer_once")]

    def __str__(self) -> str:
        return self.reference


class PaymentMethod(OrganizationOwned):
    """A saved means. `reference` is the provider's id of it."""

    gateway = models.SlugField()
    kind = models.CharField(max_length=10, choices=MethodKind.choices)
    reference = models.CharField(max_length=120)
    brand = models.CharField(max_length=30, blank=True)
    last4 = models.CharField(max_length=4, blank=True)
    expiry_year = models.PositiveSmallIntegerField(null=True, blank=True)
    expiry_month = models.PositiveSmallIntegerField(null=True, blank=True)
    name = models.CharField(max_length=60, blank=True)
    is_default = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "gateway", "reference"], name="payment_method_once"),
            models.UniqueConstraint(
                fields=["organization"],
                condition=models.Q(is_default=True, removed_at=None),
                name="payment_method_one_default",
            ),
        ]

    def __str__(self) -> str:
        return self.name or f"{self.brand.title() or self.get_kind_display()} •••• {self.last4}".strip()

    def has_expired(self, on: date) -> bool:
        """Return whether a card can no longer be charged on the day `on`."""
        if not self.expiry_year or not self.expiry_month:
            return False
        return (on.year, on.month) > (self.expiry_year, self.expiry_month)
