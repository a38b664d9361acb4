"""Who started which long work (API-1)."""

from django.db import models

from organizations.tenancy.models import OrganizationOwned


class Task(OrganizationOwned):
    """Long work that a person started. How far it is stands in the room's own row, which `subject_id` names.

    What two people want is one row of the room with a task for each; what nobody started, the panel did.
    """

    kind = models.SlugField(max_length=30)
    subject_id = models.BigIntegerField()
    started_by = models.BigIntegerField(null=True)
    started_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "kind", "subject_id", "started_by"],
                nulls_distinct=False,
                name="task_once_for_each",
            )
        ]
        indexes = [
            models.Index(fields=["organization", "started_at", "id"], name="task_newest_first"),
            models.Index(fields=["started_at"], name="task_age"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject_id}"
