"""Names of a domain whose address a device tells, each with a key of its own."""

from django.db import models

from organizations.tenancy.models import OrganizationOwned
from products.modules.domain.names import APEX, full_name, to_unicode


class DynamicHost(OrganizationOwned):
    """A name whose A and AAAA records a router or another device keeps up to date.

    `name` is relative to the domain, as in its zone. Of the key only a hash is stored. `told_at` is when
    a device told an address last, also one that was there already.
    """

    product = models.ForeignKey("products.Product", on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=253)
    key_hash = models.CharField(max_length=64)
    told_at = models.DateTimeField(null=True)
    told_by = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["product", "name"], name="dynamic_host_once")]

    def __str__(self) -> str:
        return self.name

    @property
    def user_name(self) -> str:
        """What the device gives as its user: whose name it is, and which."""
        return f"{self.organization_id}-{self.pk}"

    def full_name(self, origin: str) -> str:
        """Return the whole name in punycode, as devices ask for it."""
        return full_name(self.name, origin)

    def readable_name(self, origin: str) -> str:
        """Return the whole name with its accents."""
        return to_unicode(origin) if self.name == APEX else f"{to_unicode(self.name)}.{to_unicode(origin)}"
