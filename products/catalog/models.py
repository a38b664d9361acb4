"""What can be bought: families, plans, options and their prices (PRD-1). Kept by staff, the same for all."""

from datetime import date

import pgtrigger
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils.translation import gettext_lazy as _

from manager.kit.fields import CURRENCIES
from manager.kit.money import Money
from manager.kit.translated import in_language

# Both days of a price's validity are included; without a last one it holds until further notice.
VALIDITY = Func(F("valid_from"), F("valid_until"), Value("[]"), function="daterange")


class Purpose(models.TextChoices):
    """What a price is asked for: the first period, each further one, or bringing a domain back (PRD-11)."""

    RENEW = "renew", _("Period")
    REGISTER = "register", _("First period")
    RESTORE = "restore", _("Restore fee")


class OptionKind(models.TextChoices):
    """How an option is chosen: taken or not, or as a number of units."""

    SWITCH = "switch", _("On or off")
    NUMBER = "number", _("A number of units")


class Family(models.Model):
    """A group of plans in the menu and the shop, such as *Web & domains*."""

    slug = models.SlugField(unique=True)
    names = models.JSONField()
    icon = models.CharField(max_length=40)
    position = models.PositiveIntegerField()
    is_published = models.BooleanField(default=True, db_default=True)

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
    a plan with `redemption_days` (domains) can be restored for a fee meanwhile (PRD-11). A product can be
    tried for `trial_months` once per customer, and one that was terminated on request can be brought back
    within `cooling_off_days`. `extension` is what names of a domain plan end in, such as `.ch`.
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
    extension = models.CharField(max_length=63, blank=True, default="", db_default="")
    grace_days = models.PositiveIntegerField(default=30)
    redemption_days = models.PositiveIntegerField(default=0)
    trial_months = models.PositiveSmallIntegerField(default=0, db_default=0)
    cooling_off_days = models.PositiveIntegerField(default=0, db_default=0)
    is_orderable = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["extension"],
                condition=~Q(extension="") & Q(is_orderable=True),
                name="plan_one_per_extension",
            )
        ]

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


class DatedPrice(models.Model):
    """An amount without VAT for one unit and one period in one currency, on the days of its validity."""

    currency = models.CharField(max_length=3, choices=CURRENCIES)
    months = models.PositiveSmallIntegerField()
    amount = models.BigIntegerField()
    valid_from = models.DateField()
    valid_until = models.DateField(null=True, blank=True)

    class Meta:
        abstract = True

    @property
    def money(self) -> Money:
        """The price of one unit for the whole period, without VAT."""
        return Money(self.amount, self.currency)

    def is_valid(self, on: date) -> bool:
        """Return whether the price applies to orders and renewals of the day `on`."""
        return self.valid_from <= on and (self.valid_until is None or on <= self.valid_until)


class Price(DatedPrice):
    """What a plan costs for one period. A restore fee belongs to no period: its `months` are 0."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="prices")
    purpose = models.CharField(
        max_length=8, choices=Purpose.choices, default=Purpose.RENEW, db_default=Purpose.RENEW
    )

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount__gte=0), name="price_not_negative"),
            models.CheckConstraint(
                condition=Q(purpose="restore", months=0) | (~Q(purpose="restore") & Q(months__gte=1)),
                name="price_period_fits_purpose",
            ),
            ExclusionConstraint(
                name="price_one_a_day",
                expressions=[
                    ("plan", RangeOperators.EQUAL),
                    ("purpose", RangeOperators.EQUAL),
                    ("currency", RangeOperators.EQUAL),
                    ("months", RangeOperators.EQUAL),
                    (VALIDITY, RangeOperators.OVERLAPS),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.plan_id} {self.purpose} {self.months} months {self.money}"


class Option(models.Model):
    """Something to add to a product of the plan: a switch, or a number of units such as GB or vCPU.

    A number is chosen between `minimum` and `maximum` in steps of `step` above what is `included`, and
    its price is for one step. `is_orderable` says whether it can be added today.
    """

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="options")
    slug = models.SlugField()
    kind = models.CharField(max_length=6, choices=OptionKind.choices)
    names = models.JSONField()
    descriptions = models.JSONField(default=dict)
    unit_names = models.JSONField(default=dict)
    included = models.PositiveIntegerField(default=0)
    minimum = models.PositiveIntegerField(default=0)
    maximum = models.PositiveIntegerField(default=1)
    step = models.PositiveIntegerField(default=1)
    position = models.PositiveIntegerField()
    is_orderable = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["plan", "slug"], name="option_unique"),
            models.CheckConstraint(condition=Q(step__gte=1), name="option_step_known"),
            models.CheckConstraint(
                condition=Q(minimum__lte=F("maximum"), included__lte=F("maximum")), name="option_limits_fit"
            ),
            models.CheckConstraint(
                condition=Q(kind="number") | Q(kind="switch", included=0, minimum=0, maximum=1, step=1),
                name="option_switch_is_0_or_1",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.plan_id} {self.slug}"

    @property
    def name(self) -> str:
        """The option's name in the active language."""
        return in_language(self.names)

    @property
    def description(self) -> str:
        """One sentence about the option in the active language."""
        return in_language(self.descriptions)

    @property
    def unit_name(self) -> str:
        """What a number counts, such as *GB*, in the active language; empty for a switch."""
        return in_language(self.unit_names)

    @property
    def default_quantity(self) -> int:
        """What a product has when nothing is chosen."""
        return max(self.minimum, self.included)

    def allows(self, quantity: int) -> bool:
        """Return whether `quantity` units can be had: within the limits, whole steps above the included."""
        if not self.minimum <= quantity <= self.maximum:
            return False
        return quantity <= self.included or (quantity - self.included) % self.step == 0

    def count_steps(self, quantity: int) -> int:
        """Return how many times the option's price is asked; what is included is free."""
        return max(0, -(-(quantity - self.included) // self.step))


class OptionPrice(DatedPrice):
    """What one step of an option costs for one period of its plan."""

    option = models.ForeignKey(Option, on_delete=models.CASCADE, related_name="prices")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(amount__gte=0, months__gte=1), name="option_price_not_negative"
            ),
            ExclusionConstraint(
                name="option_price_one_a_day",
                expressions=[
                    ("option", RangeOperators.EQUAL),
                    ("currency", RangeOperators.EQUAL),
                    ("months", RangeOperators.EQUAL),
                    (VALIDITY, RangeOperators.OVERLAPS),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.option_id} {self.months} months {self.money}"


class CatalogChange(models.Model):
    """A change of the catalogue: who, when, what, before and after. The database refuses to change it.

    `family`, `plan` and `option` are slugs, empty where they do not apply; `before` and `after` hold the
    changed fields only, None as a whole when the thing was added or, for prices, taken away.
    """

    what = models.CharField(max_length=30)
    family = models.SlugField(blank=True, db_index=False)
    plan = models.SlugField(blank=True, db_index=False)
    option = models.SlugField(blank=True, db_index=False)
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)
    source = models.CharField(max_length=120, blank=True)
    actor_kind = models.CharField(max_length=10)
    actor_id = models.BigIntegerField(null=True)
    actor_name = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()

    class Meta:
        permissions = [("edit_catalog", "Edit the catalogue")]
        indexes = [models.Index(fields=["plan", "-id"], name="catalog_change_of_plan")]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.what} {self.plan or self.family}"


class CatalogUpload(models.Model):
    """A file that staff uploaded, to look at the differences before they are confirmed."""

    name = models.CharField(max_length=120)
    text = models.TextField()
    actor_id = models.BigIntegerField(null=True)
    actor_name = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()
    applied_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.name
