"""Saved means of payment, as far as the panel knows them: never a card's number (BIL-9)."""

from calendar import monthrange
from datetime import date

from django.db import models
from django.utils.translation import gettext_lazy as _

from organizations.tenancy.models import OrganizationOwned


class MethodKind(models.TextChoices):
    """Kinds of means that can be charged without the person (BIL-10)."""

    CARD = "card", _("Card")
    TWINT = "twint", _("TWINT")
    PAYPAL = "paypal", _("PayPal")
    POSTFINANCE = "postfinance", _("PostFinance")
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
    it was issued. `position` is its place among those that are tried one after the other; the default is the
    first of them (BIL-9).
    """

    gateway = models.SlugField()
    kind = models.CharField(max_length=12, choices=MethodKind.choices)
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
    position = models.PositiveSmallIntegerField(default=0, db_default=0)
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

    @property
    def ends_on(self) -> date | None:
        """The last day on which a card can be charged: that of its month; None for what does not end."""
        if not self.expiry_year or not self.expiry_month:
            return None
        return date(self.expiry_year, self.expiry_month, monthrange(self.expiry_year, self.expiry_month)[1])

    def expires_soon(self, on: date) -> bool:
        """Return whether a card ends within the two months after the day `on`."""
        if not self.expiry_year or not self.expiry_month or self.has_expired(on):
            return False
        return (self.expiry_year * 12 + self.expiry_month) - (on.year * 12 + on.month) <= 2


class ExpiryNotice(OrganizationOwned):
    """A mail that a card ends in `days` days was sent, once for each end of it (BIL-9)."""

    method = models.ForeignKey(PaymentMethod, on_delete=models.PROTECT, related_name="+")
    ends_on = models.DateField()
    days = models.PositiveSmallIntegerField()
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["method", "ends_on", "days"], name="expiry_notice_once")
        ]

    def __str__(self) -> str:
        return f"notice that means {self.method_id} ends on {self.ends_on}"


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
