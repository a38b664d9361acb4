"""Files with all documents of a period, made by a worker and kept for some days (BIL-19)."""

from django.db import models

from organizations.tenancy.models import OrganizationOwned


class PeriodArchive(OrganizationOwned):
    """The documents issued from `first` to `last` as one ZIP file, with tables in `language`.

    `done` of `total` documents are in it. It waits until `lease_until`, is made under a `fence`, can be had
    from `ready_at` on, and goes with its parts at `expires_at`.
    """

    first = models.DateField()
    last = models.DateField()
    language = models.CharField(max_length=5)
    asked_by = models.BigIntegerField(null=True)
    asked_at = models.DateTimeField()
    total = models.PositiveIntegerField()
    done = models.PositiveIntegerField(default=0)
    size = models.PositiveBigIntegerField(default=0)
    lease_until = models.DateTimeField(null=True)
    fence = models.PositiveIntegerField(default=0)
    ready_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ready_at=None) | models.Q(lease_until=None), name="archive_ready_is_done"
            )
        ]
        indexes = [
            models.Index(fields=["organization", "-id"], name="archive_newest_first"),
            models.Index(fields=["lease_until"], condition=models.Q(ready_at=None), name="archive_to_make"),
            models.Index(fields=["expires_at"], name="archive_to_drop"),
        ]

    def __str__(self) -> str:
        return f"invoices-{self.first:%Y-%m-%d}-{self.last:%Y-%m-%d}.zip"

    @property
    def is_ready(self) -> bool:
        """Whether the file can be had."""
        return self.ready_at is not None


class ArchivePart(OrganizationOwned):
    """A piece of the file, in its order; never changed."""

    archive = models.ForeignKey(PeriodArchive, on_delete=models.CASCADE, related_name="parts")
    position = models.PositiveIntegerField()
    content = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["archive", "position"], name="archive_part_position")]

    def __str__(self) -> str:
        return f"part {self.position} of archive {self.archive_id}"
