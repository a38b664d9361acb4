"""VAT rates as dated data, the same for all tenants."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value
from django_countries.fields import CountryField


class TaxRate(models.Model):
    """The standard VAT rate of a country, in basis points (810 = 8.1 %); both days are included."""

    country = CountryField()
    rate = models.PositiveIntegerField()
    valid_from = models.DateField()
    valid_until = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(rate__lte=10_000), name="tax_rate_at_most_all"),
            ExclusionConstraint(
                name="tax_rate_one_a_day",
                expressions=[
                    ("country", RangeOperators.EQUAL),
                    (
                        Func(F("valid_from"), F("valid_until"), Value("[]"), function="daterange"),
                        RangeOperators.OVERLAPS,
                    ),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.country} {self.rate / 100:g} %"
