"""What an organization demands of its members' logins."""

from datetime import date

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models

from organizations.tenancy.models import OrganizationOwned


class SecondFactorPolicy(OrganizationOwned):
    """From `required_on` on (a day in the organization's zone) members with these roles need a second factor.

    `reminded_days` is the last reminder that was sent, in days before that day.
    """

    organization = models.OneToOneField(
        "organizations.Organization",
        on_delete=models.PROTECT,
        primary_key=True,
        related_name="second_factor_policy",
    )
    roles = ArrayField(models.CharField(max_length=20))
    required_on = models.DateField()
    reminded_days = models.PositiveSmallIntegerField(null=True)
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    set_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["required_on"], name="second_factor_by_day")]

    def __str__(self) -> str:
        return f"Second factor in {self.organization_id} from {self.required_on}"

    def is_due(self, today: date) -> bool:
        """Return whether members without a second factor stay outside already."""
        return today >= self.required_on
