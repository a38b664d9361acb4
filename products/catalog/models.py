"""What can be bought: families, plans and their prices (PRD-1). Kept by staff, the same for all tenants."""

from datetime import date

from django.db import models
from django.db.models import Q

from manager.kit.fields import CURRENCIES
from manager.kit.money import Money
from manager.kit.translated import in_language


class Family(models.Model):
    """A group of plans in the menu and the shop, such as *Web & domains*."""

    slug = models.SlugField(unique=True)
    names = models.JSONField()
    icon = models.CharField(max_length=40)
    position = models.PositiveIntegerField()

    class Meta:
        verbose_name_plural = "families"

    def __str__(self) -> str:
        return self.slug

    @property
    def name(self) -> str:
        """The family's name in the active language."""
        return in_language(self.names)


class Plan(models.Model):
    """An offer of a family. `kind` names the product module that provisions and shows it.

    Days of grace count from expiry (PRD-8): suspended at expiry, terminated `grace_days` later;
    a plan with `redemption_days` (domains) can be restored for a fee meanwhile (PRD-11).
    """

    family = models.ForeignKey(Family, on_delete=models.PROTECT, related_name="plans")
    slug = models.SlugField(unique=True)
    kind = models.SlugField()
    names = models.JSONField()
    descriptions = models.JSONField(default=dict)
    features = models.JSONField(default=list)
    icon = models.CharField(max_length=40)
    position = models.PositiveIntegerField()
    needs_domain_name = models.BooleanField(default=False)
    grace_days = models.PositiveIntegerField(default=30)
    redemption_days = models.PositiveIntegerField(default=0)
    is_orderable = models.BooleanField(default=True)

    def __str__(self) -> str:
        return self.slug

    @property
    def name(self) -> str:
        """The plan's name in the active language."""
        return in_language(self.names)

    @property
    def description(self) -> str:
        """One sentence about the plan in the active language."""
        return in_language(self.descriptions)

    @property
    def feature_list(self) -> list[str]:
        """What the plan offers, a few words each, in the active language."""
        return [in_language(texts) for texts in self.features]


class Price(models.Model):
    """What a plan costs for one period in one currency, without VAT, from a date on."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="prices")
    currency = models.CharField(max_length=3, choices=CURRENCIES)
    months = models.PositiveSmallIntegerField()
    amount = models.BigIntegerField()
    valid_from = models.DateField()
    valid_until = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["plan", "currency", "months", "valid_from"], name="price_unique"),
            models.CheckConstraint(condition=Q(amount__gte=0), name="price_not_negative"),
            models.CheckConstraint(condition=Q(months__gte=1), name="price_period_known"),
        ]

    def __str__(self) -> str:
        return f"{self.plan_id} {self.months} months {self.money}"

    @property
    def money(self) -> Money:
        """The price of one unit for the whole period, without VAT."""
        return Money(self.amount, self.currency)

    def is_valid(self, on: date) -> bool:
        """Return whether the price applies to orders and renewals of the day `on`."""
        return self.valid_from <= on and (self.valid_until is None or on <= self.valid_until)
