"""Grants: what a member without an unrestricted role may see and manage (ORG-13)."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from organizations.access.timebox import TimeBoxed


class Level(models.TextChoices):
    """How far a grant reaches."""

    VIEW = "view", _("View")
    MANAGE = "manage", _("Manage")


class Grant(TimeBoxed):
    """One product, or a whole family with its future products, granted to a member or to a team.

    Products lie on the floor above, so the product is known by its id alone. A grant that has ended stays
    as a record of what was.
    """

    membership = models.ForeignKey(
        "organizations.Membership", on_delete=models.CASCADE, null=True, blank=True, related_name="grants"
    )
    team = models.ForeignKey(
        "organizations.Team", on_delete=models.CASCADE, null=True, blank=True, related_name="grants"
    )
    family = models.SlugField(blank=True)
    product_id = models.BigIntegerField(null=True, blank=True)
    level = models.CharField(max_length=6, choices=Level.choices)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(family="", product_id__isnull=False) | (~Q(family="") & Q(product_id=None)),
                name="grant_names_one_thing",
            ),
            models.CheckConstraint(
                condition=Q(membership=None, team__isnull=False) | Q(membership__isnull=False, team=None),
                name="grant_is_to_a_member_or_a_team",
            ),
            models.UniqueConstraint(
                fields=["membership", "team", "family", "product_id"],
                condition=Q(ended_at=None),
                nulls_distinct=False,
                name="grant_unique",
            ),
        ]
        indexes = [
            models.Index(fields=["ends_at"], condition=Q(ended_at=None), name="grant_due"),
        ]

    def __str__(self) -> str:
        return f"{self.level} {self.family or self.product_id} to {self.membership_id or self.team_id}"
