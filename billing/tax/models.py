"""VAT rates and the seller's standing as dated data, the same for all tenants; staff keep them."""

import pgtrigger
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils.translation import gettext_lazy as _

from billing.profiles.models import LegalEntity


def _days() -> Func:
    return Func(F("valid_from"), F("valid_until"), Value("[]"), function="daterange")


class TaxRate(models.Model):
    """The standard VAT rate of a country, in basis points (810 = 8.1 %); both days are included.

    `country` is an ISO 3166 code, or that of a region with a rate of its own (`PT-20`).
    """

    country = models.CharField(max_length=5)
    rate = models.PositiveIntegerField()
    valid_from = models.DateField()
    valid_until = models.DateField(null=True, blank=True)

    class Meta:
        permissions = [("manage_vat", "Manage VAT")]
        constraints = [
            models.CheckConstraint(condition=Q(rate__lte=10_000), name="tax_rate_at_most_all"),
            ExclusionConstraint(
                name="tax_rate_one_a_day",
                expressions=[("country", RangeOperators.EQUAL), (_days(), RangeOperators.OVERLAPS)],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.country} {self.rate / 100:g} %"


class Scheme(models.TextChoices):
    """How a seller taxes consumers in other countries of the European Union."""

    ONE_STOP_SHOP = "one_stop_shop", _("One-stop shop: the VAT of the customer's country")
    HOME_RATE = "home_rate", _("Below the threshold of EUR 10,000: the VAT of the seller's country")


class SellerScheme(models.Model):
    """Which scheme a company of the operator is under, from a day to a day; both days are included.

    On a day without a row it is the one-stop shop, which the law asks for without anything declared.
    `number` is the registration's.
    """

    legal_entity = models.ForeignKey(LegalEntity, on_delete=models.PROTECT, related_name="+")
    scheme = models.CharField(max_length=16, choices=Scheme.choices)
    number = models.CharField(max_length=40, blank=True)
    valid_from = models.DateField()
    valid_until = models.DateField(null=True)

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="seller_scheme_one_a_day",
                expressions=[("legal_entity", RangeOperators.EQUAL), (_days(), RangeOperators.OVERLAPS)],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.legal_entity_id} {self.scheme} {self.valid_from}"


class TaxChange(models.Model):
    """The history of rates and schemes, only added to: what was, what is, who did it."""

    subject = models.CharField(max_length=40)
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)
    actor_id = models.BigIntegerField(null=True)
    actor_name = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["subject", "-id"], name="tax_change_history")]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.subject} at {self.at}"
