"""The audit log: who did what, when, from where (ORG-16). Rows are only added, and sealed as a chain."""

import pgtrigger
from django.db import models
from django.db.models import Q

from organizations.tenancy.models import OrganizationOwned


class AuditEvent(OrganizationOwned):
    """One act in an organization. The database refuses to change or delete it.

    `through` names what the actor acted with (a token, an application, support access), `on_behalf_of`
    the person who allowed it where that is somebody else.
    """

    name = models.CharField(max_length=60)
    actor_kind = models.CharField(max_length=10)
    actor_id = models.BigIntegerField(null=True)
    actor_name = models.CharField(max_length=200, blank=True)
    through = models.CharField(max_length=120, blank=True, db_default="")
    on_behalf_of = models.CharField(max_length=200, blank=True, db_default="")
    address = models.GenericIPAddressField(null=True)
    agent = models.CharField(max_length=300, blank=True, db_default="")
    subject_kind = models.CharField(max_length=40)
    subject_id = models.BigIntegerField(null=True)
    subject_name = models.CharField(max_length=200, blank=True)
    data = models.JSONField(default=dict)
    at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["organization", "-id"], name="audit_newest_first"),
            # What support asked for lately (organizations.support).
            models.Index(
                fields=["organization", "at"],
                condition=Q(name="support_access.used"),
                name="audit_support_uses",
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
            # By the database, so that no way of writing an event can leave it out.
            pgtrigger.Trigger(
                name="asks_for_seal",
                operation=pgtrigger.Insert,
                when=pgtrigger.After,
                level=pgtrigger.Statement,
                referencing=pgtrigger.Referencing(new="added"),  # type: ignore[no-untyped-call]  # of the library
                func=(
                    "INSERT INTO organizations_auditseal (organization_id, event_id) "
                    "SELECT organization_id, id FROM added ORDER BY id; RETURN NULL;"
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} #{self.pk}"


class AuditSeal(OrganizationOwned):
    """An event's place in its organization's chain: a digest over the event and the seal before it.

    Made together with the event; position and digest are filled in once, by `seal_events`. A row that is
    changed, added or taken away afterwards breaks the chain from there on.
    """

    event = models.OneToOneField(AuditEvent, on_delete=models.PROTECT, related_name="seal")
    position = models.BigIntegerField(null=True)
    digest = models.CharField(max_length=64, blank=True, db_default="")
    sealed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "position"], name="audit_seal_position_unique"),
            models.CheckConstraint(
                condition=Q(position=None, digest="") | (Q(position__gte=1) & ~Q(digest="")),
                name="audit_seal_whole",
            ),
        ]
        indexes = [
            models.Index(
                fields=["organization", "event"], condition=Q(position=None), name="audit_seal_missing"
            )
        ]
        triggers = [
            pgtrigger.Protect(name="seal_stays", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="sealed_once",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__position__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"Seal {self.position} of {self.organization_id}"
