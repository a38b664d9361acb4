"""An organization: the tenant, a customer account that owns products, invoices and members."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django_countries.fields import CountryField

from manager.kit.fields import CURRENCIES, refuse_control_characters


class Kind(models.TextChoices):
    """What an organization is; VAT depends on it (BIL-6)."""

    PRIVATE = "private", _("Private person")
    COMPANY = "company", _("Company")
    ASSOCIATION = "association", _("Association")
    PUBLIC_BODY = "public_body", _("Public body")


class Organization(models.Model):
    """A customer account (ORG-4). Its country sets its currency when it is created."""

    name = models.CharField(max_length=120, validators=[refuse_control_characters])
    kind = models.CharField(max_length=12, choices=Kind.choices)
    street = models.CharField(max_length=120, blank=True, validators=[refuse_control_characters])
    postal_code = models.CharField(max_length=16, blank=True, validators=[refuse_control_characters])
    city = models.CharField(max_length=80, blank=True, validators=[refuse_control_characters])
    country = CountryField()
    currency = models.CharField(max_length=3, choices=CURRENCIES)
    vat_number = models.CharField(max_length=20, blank=True)
    language = models.CharField(max_length=5, default="en")
    time_zone = models.CharField(max_length=50, default="Europe/Zurich")
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(currency__in=["CHF", "EUR"]), name="organization_currency_known"
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def initials(self) -> str:
        """One or two letters for the square beside the name."""
        words = [word for word in self.name.split() if word[:1].isalnum()]
        return "".join(word[0] for word in words[:2]).upper() or "?"
