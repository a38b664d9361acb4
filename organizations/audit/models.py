"""The audit log: who did what, when, from where (ORG-16). Rows are only added."""

import pgtrigger
from django.db import models

from organizations.tenancy.models import OrganizationOwned


class AuditEvent(OrganizationOwned):
    """One act in an organization. The database refuses to change or delete it."""

    name = models.CharField(max_length=60)
    actor_kind = models.CharField(max_length=10)
    actor_id = models.BigIntegerField(null=True)
    actor_name = models.CharField(max_length=200, blank=True)
    address = models.GenericIPAddressField(null=True)
    subject_kind = models.CharField(max_length=40)
    subject_id = models.BigIntegerField(null=True)
    subject_name = models.CharField(max_length=200, blank=True)
    data = models.JSONField(default=dict)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["organization", "-id"], name="audit_newest_first")]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.name} #{self.pk}"
