"""Who sells and who is billed: legal entities of the operator, billing addresses of organizations."""

from django.db import models
from django_countries.fields import CountryField

from manager.kit.fields import refuse_control_characters
from organizations.profile.models import Kind
from organizations.tenancy.models import OrganizationOwned


class LegalEntity(models.Model):
    """A company of the operator that issues invoices, with its own series of numbers (BIL-5)."""

    code = models.SlugField(unique=True)
    name = models.CharField(max_length=120)
    street = models.CharField(max_length=120)
    postal_code = models.CharField(max_length=16)
    city = models.CharField(max_length=80)
    country = CountryField()
    vat_number = models.CharField(max_length=20)
    iban = models.CharField(max_length=34, blank=True)
    number_prefix = models.CharField(max_length=8)
    time_zone = models.CharField(max_length=50, default="Europe/Zurich")
    is_default = models.BooleanField(default=False)

    class Meta:
        verbose_name_plural = "legal entities"
        constraints = [
            models.UniqueConstraint(
                fields=["is_default"], condition=models.Q(is_default=True), name="legal_entity_one_default"
            )
        ]

    def __str__(self) -> str:
        return self.name


class BillingAddress(OrganizationOwned):
    """An address that invoices are made out to; several per organization (BIL-8).

    `kind` is what the recipient is, as VAT depends on it (BIL-6).
    """

    kind = models.CharField(max_length=12, choices=Kind.choices, default=Kind.COMPANY)
    name = models.CharField(max_length=120, validators=[refuse_control_characters])
    street = models.CharField(max_length=120, validators=[refuse_control_characters])
    postal_code = models.CharField(max_length=16, validators=[refuse_control_characters])
    city = models.CharField(max_length=80, validators=[refuse_control_characters])
    country = CountryField()
    vat_number = models.CharField(max_length=20, blank=True)
    is_default = models.BooleanField(default=False)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization"],
                condition=models.Q(is_default=True),
                name="billing_address_one_default",
            )
        ]

    def __str__(self) -> str:
        return f"{self.name}, {self.city}"


class PurchaseOrder(OrganizationOwned):
    """The organization's own number of an order, printed on its invoices from a day to a day (BIL-4).

    For the invoices to one `address`, or to all. Both days are included; without a last one it goes on.
    """

    number = models.CharField(max_length=40, validators=[refuse_control_characters])
    address = models.ForeignKey(BillingAddress, on_delete=models.CASCADE, related_name="+", null=True)
    valid_from = models.DateField()
    valid_until = models.DateField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(valid_until=None) | models.Q(valid_until__gte=models.F("valid_from")),
                name="purchase_order_days_in_order",
            )
        ]

    def __str__(self) -> str:
        return self.number
