"""What is chosen for a domain, the records of its zone, and the zone's earlier versions."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from organizations.tenancy.models import OrganizationOwned
from products.modules.domain.names import to_unicode
from products.modules.domain.records import Record


class Domain(OrganizationOwned):
    """A registered domain; `name` is in punycode and stays, however the product is called.

    `records` are those of the zone, `version` counts its changes. `offered_version` is the one that its
    driver was last asked to publish, `published_version` the one that it did. `name_servers` and
    `contacts` are those in force: without any, ours and the organization's own data. What was asked for
    and is not done yet stands in the actions of the product's service.
    """

    product = models.OneToOneField("products.Product", on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=253)
    records = models.JSONField(default=list)
    version = models.PositiveIntegerField(default=0)
    serial = models.PositiveBigIntegerField(default=0)
    last_record_id = models.PositiveIntegerField(default=0)
    offered_version = models.PositiveIntegerField(default=0)
    published_version = models.PositiveIntegerField(default=0)
    name_servers = models.JSONField(default=list)
    contacts = models.JSONField(default=dict)
    is_locked = models.BooleanField(default=True)
    changed_at = models.DateTimeField()
    changed_by = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["changed_at"],
                condition=~Q(version=models.F("offered_version")),
                name="domain_to_publish",
            )
        ]

    def __str__(self) -> str:
        return self.readable_name

    @property
    def readable_name(self) -> str:
        """The name with its accents."""
        return to_unicode(self.name)

    def zone(self) -> list[Record]:
        """Return the records of the zone as they are now."""
        return [Record(**record) for record in self.records]

    @property
    def is_published(self) -> bool:
        """Whether the name servers have the newest zone."""
        return self.version == self.published_version


class ZoneChange(models.TextChoices):
    """How a version of a zone came about."""

    BEGUN = "begun", _("Zone set up")
    ADDED = "added", _("Record added")
    EDITED = "edited", _("Record changed")
    DELETED = "deleted", _("Records deleted")
    IMPORTED = "imported", _("Zone file imported")
    RESTORED = "restored", _("Earlier version restored")
    DEVICE = "device", _("Address told by a device")


class ZoneVersion(OrganizationOwned):
    """A zone as it was after a change; the newest ones are kept, to look back and to restore."""

    product = models.ForeignKey("products.Product", on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    serial = models.PositiveBigIntegerField()
    records = models.JSONField()
    change = models.CharField(max_length=10, choices=ZoneChange.choices)
    added = models.PositiveIntegerField(default=0)
    removed = models.PositiveIntegerField(default=0)
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["product", "number"], name="zone_version_once")]

    def __str__(self) -> str:
        return f"Version {self.number} of product {self.product_id}"

    def zone(self) -> list[Record]:
        """Return the records of the zone as they were."""
        return [Record(**record) for record in self.records]
