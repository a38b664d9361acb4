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
        constraints = [
            models.UniqueConstraint(fields=["organization", "gateway"], name="provider_customer_once")
        ]

    def __str__(self) -> str:
        return self.reference


class PaymentMethod(OrganizationOwned):
    """A saved means. `reference` is the provider's id of it; the prepaid account is one, too.

    `fingerprint` is the provider's mark of the same card, however often it is entered; `country` is where
    it was issued.
    """

    gateway = models.SlugField()
    kind = models.CharField(max_length=10, choices=MethodKind.choices)
    reference = models.CharField(max_length=120)
    brand = models.CharField(max_length=30, blank=True)
    last4 = models.CharField(max_length=4, blank=True)
    expiry_year = models.PositiveSmallIntegerField(null=True, blank=True)
    expiry_month = models.PositiveSmallIntegerField(null=True, blank=True)
    email = models.CharField(max_length=254, blank=True)
    fingerprint = models.CharField(max_length=64, blank=True)
    country = models.CharField(max_length=2, blank=True, default="", db_default="")
    name = models.CharField(max_length=60, blank=True)
    is_default = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "gateway", "reference"], name="payment_method_once"
            ),
            models.UniqueConstraint(
                fields=["organization"],
                condition=models.Q(is_default=True, removed_at=None),
                name="payment_method_one_default",
            ),
        ]
        indexes = [models.Index(fields=["reference"], name="payment_method_reference")]

    def __str__(self) -> str:
        return self.name or self.label

    @property
    def label(self) -> str:
        """What the means is without the name that the person gave it, such as `Visa •••• 4242`."""
        if self.last4:
            return f"{self.brand.replace('_', ' ').title()} •••• {self.last4}".strip()
        return f"{self.get_kind_display()} {self.email}".strip()

    @property
    def is_prepaid(self) -> bool:
        """Whether charging it takes from the organization's own prepaid account."""
        return self.kind == MethodKind.PREPAID

    def has_expired(self, on: date) -> bool:
        """Return whether a card can no longer be charged on the day `on`."""
        if not self.expiry_year or not self.expiry_month:
            return False
        return (on.year, on.month) > (self.expiry_year, self.expiry_month)

    def expires_soon(self, on: date) -> bool:
        """Return whether a card ends within the two months after the day `on`."""
        if not self.expiry_year or not self.expiry_month or self.has_expired(on):
            return False
        return (self.expiry_year * 12 + self.expiry_month) - (on.year * 12 + on.month) <= 2


class MethodSetup(OrganizationOwned):
    """One visit to the provider's page where a means is saved without a payment (BIL-9)."""

    gateway = models.SlugField()
    idempotency_key = models.CharField(max_length=80, unique=True)
    reference = models.CharField(max_length=120, blank=True)
    started_by = models.BigIntegerField(null=True)
    method = models.ForeignKey(PaymentMethod, on_delete=models.PROTECT, related_name="+", null=True)
    created_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.idempotency_key
