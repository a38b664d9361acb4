"""Grants: what a member without an unrestricted role may see and manage (ORG-13)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from organizations.tenancy.models import OrganizationOwned


class Level(models.TextChoices):
    """How far a grant reaches."""

    VIEW = "view", _("View")
    MANAGE = "manage", _("Manage")


class Grant(OrganizationOwned):
    """One product, or a whole family with its future products, granted to a member.

    Products lie on the floor above, so the product is known by its id alone.
    """

    membership = models.ForeignKey(
        "organizations.Membership", on_delete=models.CASCADE, related_name="grants"
    )
    family = models.SlugField(blank=True)
    product_id = models.BigIntegerField(null=True, blank=True)
    level = models.CharField(max_length=6, choices=Level.choices)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(family="", product_id__isnull=False)
                | (~models.Q(family="") & models.Q(product_id=None)),
                name="grant_names_one_thing",
            ),
            models.UniqueConstraint(
                fields=["membership", "family", "product_id"], name="grant_unique", nulls_distinct=False
            ),
        ]

    def __str__(self) -> str:
        return f"{self.level} {self.family or self.product_id} to {self.membership_id}"
