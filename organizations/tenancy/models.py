"""The base of every row that belongs to an organization."""

from django.db import models


class OrganizationOwned(models.Model):
    """A row of one organization. Its table has row-level security (ORG-17)."""

    organization = models.ForeignKey("organizations.Organization", on_delete=models.PROTECT, related_name="+")

    class Meta:
        abstract = True
