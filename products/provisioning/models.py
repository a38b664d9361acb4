"""The provisioned side of a product, kept as work that is due, and the faults that a demonstration plans."""

from datetime import datetime

from django.db import models
from django.db.models import Q

from organizations.tenancy.models import OrganizationOwned
from products.provisioning.states import ServiceState


class Service(OrganizationOwned):
    """What a driver has set up for a product, and what is wanted of it.

    `due_at` is set while something is to be done; a worker that takes the row moves it on by a lease and
    raises `fence`, and only the newest taker may write the result. `data` is what the driver remembers.
    """

    product = models.OneToOneField("products.Product", on_delete=models.PROTECT, related_name="service")
    driver = models.SlugField()
    state = models.CharField(max_length=12, choices=ServiceState.choices, default=ServiceState.ABSENT)
    wanted = models.CharField(max_length=12, choices=ServiceState.choices, default=ServiceState.RUNNING)
    data = models.JSONField(default=dict)
    attempts = models.PositiveIntegerField(default=0)
    fence = models.PositiveIntegerField(default=0)
    due_at = models.DateTimeField(null=True)
    quarantined_at = models.DateTimeField(null=True)
    last_error = models.TextField(blank=True)
    updated_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["due_at"], condition=Q(due_at__isnull=False), name="service_to_set_up")
        ]

    def __str__(self) -> str:
        return f"{self.driver} service of product {self.product_id}"

    @property
    def is_ready(self) -> bool:
        """Whether the service is as it is wanted."""
        return self.state == self.wanted

    def is_waiting(self, at: datetime) -> bool:
        """Return whether a try is planned for later, after one that failed."""
        return self.due_at is not None and self.due_at > at and self.attempts > 0


class PlannedFault(models.Model):
    """A failure that the local driver is told to show, for tests and demonstrations.

    An empty `operation` means any, a missing `product_id` every product. `remaining` counts down with
    each failure.
    """

    operation = models.CharField(max_length=12, blank=True)
    product_id = models.BigIntegerField(null=True, blank=True)
    remaining = models.PositiveIntegerField(default=1)
    message = models.CharField(max_length=200)

    def __str__(self) -> str:
        return f"{self.operation or 'any operation'}: {self.message}"
