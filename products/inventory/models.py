"""A product: what an organization owns and what expires."""

from datetime import date, timedelta

import pgtrigger
from django.db import models
from django.db.models import Case, F, Q, Value, When
from django.db.models.functions import Collate, Concat, Lower

from manager.kit.fields import refuse_control_characters
from organizations.tenancy.models import OrganizationOwned
from products.catalog.models import Plan
from products.inventory.status import ENDED, LIVING, RENEWABLE, TRANSITIONS, ProductStatus

# Where a product without an expiry stands in the order of expiries: at the end.
NEVER = date(9999, 12, 31)
# Not COALESCE: under row-level security an index by that gives its order, and no place in it (decision 12).
EXPIRY_ORDER = Case(
    When(expires_on__isnull=True, then=Value(NEVER)), default=F("expires_on"), output_field=models.DateField()
)


class Product(OrganizationOwned):
    """A bought plan (PRD-7). `expires_on` is a date in the organization's zone: the first day not paid.

    `kind` is its plan's, set by the database, so that an index can hold it; no plan's kind ever changes.
    `months` is the period by which it renews, `anchor_day` the day of the month at which its periods
    begin (so that month ends lose no day). `told_of` is the status of which the billing contacts were
    told last; empty while the product runs. Until `restorable_until` a terminated product can be restored
    as it was, as nothing of its service was removed yet. `internal_name` and `reference` are the
    organization's own words for it; `searched` are all its names in small letters, of which
    triggers keep the parts in `products_searchpart` (see `products.inventory.search`). `setup` is what its
    buyer chose for the first setting up (see `products.catalog.setup`).
    """

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="products")
    # Asked for within an organization only, by the indexes below.
    family = models.SlugField(db_index=False)
    kind = models.SlugField(db_index=False, db_default="", editable=False)
    name = models.CharField(max_length=190, validators=[refuse_control_characters])
    status = models.CharField(max_length=12, choices=ProductStatus.choices, default=ProductStatus.PENDING)
    months = models.PositiveSmallIntegerField()
    quantity = models.PositiveIntegerField(default=1)
    expires_on = models.DateField(null=True, blank=True)
    anchor_day = models.PositiveSmallIntegerField(null=True, blank=True)
    auto_renew = models.BooleanField(default=False)
    told_of = models.CharField(max_length=12, blank=True)
    created_at = models.DateTimeField()
    activated_at = models.DateTimeField(null=True, blank=True)
    suspended_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    restorable_until = models.DateTimeField(null=True, blank=True)
    internal_name = models.CharField(
        max_length=190, blank=True, db_default="", default="", validators=[refuse_control_characters]
    )
    reference = models.CharField(
        max_length=100, blank=True, db_default="", default="", validators=[refuse_control_characters]
    )
    setup = models.JSONField(default=dict, db_default={}, blank=True)
    searched = models.GeneratedField(
        expression=Collate(
            Lower(Concat("name", Value("\n"), "internal_name", Value("\n"), "reference")), "C"
        ),
        output_field=models.TextField(db_collation="C"),
        db_persist=True,
    )

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(quantity__gte=1), name="product_quantity_positive"),
            models.CheckConstraint(
                condition=Q(status__in=["pending", *sorted(ENDED)]) | Q(expires_on__isnull=False),
                name="product_has_expiry",
            ),
            models.CheckConstraint(
                condition=Q(restorable_until=None) | Q(status="terminated"),
                name="product_restorable_if_ended",
            ),
        ]
        indexes = [
            models.Index("organization", EXPIRY_ORDER, "id", name="product_by_expiry"),
            models.Index("organization", "family", EXPIRY_ORDER, "id", name="product_by_family"),
            models.Index("organization", "kind", EXPIRY_ORDER, "id", name="product_by_kind"),
            models.Index(fields=["organization", "name", "id"], name="product_by_name"),
            models.Index(fields=["organization", "status", "id"], name="product_by_status"),
            models.Index(
                fields=["expires_on", "organization"],
                condition=Q(auto_renew=True, status__in=sorted(RENEWABLE)),
                name="product_to_renew",
            ),
            models.Index(
                fields=["expires_on"], condition=Q(status__in=sorted(LIVING)), name="product_living"
            ),
            models.Index(
                fields=["organization"],
                condition=Q(status__in=["suspended", "redemption", "terminated", "released"])
                & ~Q(told_of=models.F("status")),
                name="product_to_tell",
            ),
            models.Index(
                fields=["restorable_until"],
                condition=Q(restorable_until__isnull=False),
                name="product_to_purge",
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="kind_of_its_plan",
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("plan_id"),  # type: ignore[no-untyped-call]  # of pgtrigger
                when=pgtrigger.Before,
                func="NEW.kind = (SELECT kind FROM products_plan WHERE id = NEW.plan_id); RETURN NEW;",
            ),
            pgtrigger.FSM(
                name="life_follows_the_table",
                field="status",
                transitions=[
                    (str(old), str(new)) for old, steps in TRANSITIONS.items() for new in sorted(steps)
                ],
            ),
            pgtrigger.Protect(
                name="ended_for_good",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__status="terminated", old__restorable_until__isnull=True)
                & ~pgtrigger.Q(new__status="terminated"),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def days_left(self, today: date) -> int | None:
        """Return the days from `today` to the expiry, negative once it has expired."""
        return (self.expires_on - today).days if self.expires_on else None

    def ends_on(self) -> date | None:
        """Return the day on which the unpaid product is terminated, after the plan's days of grace."""
        return self.expires_on + timedelta(days=self.plan.grace_days) if self.expires_on else None

    def released_on(self) -> date | None:
        """Return the day on which the unpaid product is lost for good, after any redemption."""
        ends_on = self.ends_on()
        return ends_on + timedelta(days=self.plan.redemption_days) if ends_on else None


class ProductOption(OrganizationOwned):
    """An option that the product has: `quantity` units of it, 1 for a switch (PRD-12, PRD-14).

    The option is named by its slug, which plans of a kind share, so that it survives a change of the plan.
    What is included in the plan has no row.
    """

    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="options")
    slug = models.SlugField()
    quantity = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["product", "slug"], name="product_option_once"),
            models.CheckConstraint(condition=Q(quantity__gte=1), name="product_option_positive"),
        ]
        indexes = [models.Index(fields=["slug", "product"], name="product_option_by_slug")]

    def __str__(self) -> str:
        return f"{self.slug} of product {self.product_id}"
