"""What the switcher tells of an organization, kept ready so that one query answers for 300 of them."""

from django.db import models

from organizations.tenancy.models import OrganizationOwned


class OrganizationSummary(OrganizationOwned):
    """Counts of one organization (ORG-1, ORG-2). Its members read them across organizations.

    The floors above count and tell `unpaid`, `held` and `expiring`; `representatives` follows the
    members. None of these numbers decides anything: verbs look for themselves.
    """

    organization = models.OneToOneField(
        "organizations.Organization", on_delete=models.PROTECT, primary_key=True, related_name="summary"
    )
    unpaid = models.PositiveIntegerField(default=0)
    held = models.PositiveIntegerField(default=0)
    expiring = models.PositiveIntegerField(default=0)
    representatives = models.PositiveIntegerField(null=True)
    counted_on = models.DateField(null=True)

    class Meta:
        indexes = [models.Index(fields=["counted_on"], name="summary_by_day")]

    def __str__(self) -> str:
        return f"Summary of {self.organization_id}"
