"""The provisioned side of a product, kept as work that is due, and what is asked of it meanwhile."""

from datetime import datetime

import pgtrigger
from django.db import models
from django.db.models import Q

from organizations.tenancy.models import OrganizationOwned
from products.provisioning.states import ACTION_TRANSITIONS, OPEN_ACTIONS, ActionStatus, ServiceState


class Service(OrganizationOwned):
    """What a driver has set up for a product, and what is wanted of it.

    `due_at` is set while something is to be done; a worker that takes the row moves it on by a lease and
    raises `fence`, and only the newest taker may write the result. `serial` numbers what is asked of the
    driver: the same while nobody knows how it ended. `is_unsure` says that a call may have reached the
    driver for something that is no longer wanted, `has_changed` that it has to be told of another plan,
    quantity or options. `accepted_at` is set while a call-back is awaited. `data` is what the driver
    remembers.
    """

    product = models.OneToOneField("products.Product", on_delete=models.PROTECT, related_name="service")
    driver = models.SlugField()
    state = models.CharField(max_length=12, choices=ServiceState.choices, default=ServiceState.ABSENT)
    wanted = models.CharField(max_length=12, choices=ServiceState.choices, default=ServiceState.RUNNING)
    data = models.JSONField(default=dict)
    attempts = models.PositiveIntegerField(default=0)
    fence = models.PositiveIntegerField(default=0)
    serial = models.PositiveIntegerField(default=1, db_default=1)
    is_unsure = models.BooleanField(default=False, db_default=False)
    has_changed = models.BooleanField(default=False, db_default=False)
    due_at = models.DateTimeField(null=True)
    accepted_at = models.DateTimeField(null=True)
    quarantined_at = models.DateTimeField(null=True)
    last_error = models.TextField(blank=True)
    updated_at = models.DateTimeField()

    class Meta:
        permissions = [("mend_services", "Mend what could not be set up")]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(due_at__isnull=False), name="service_to_set_up"),
            models.Index(
                fields=["updated_at", "id"],
                condition=~Q(last_error=""),
                name="service_failing",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.driver} service of product {self.product_id}"

    @property
    def is_ready(self) -> bool:
        """Whether the service is as it is wanted."""
        return self.state == self.wanted and not self.is_unsure and not self.has_changed

    @property
    def is_running(self) -> bool:
        """Whether it runs and is to go on running: only then something can be asked of it."""
        return self.state == self.wanted == ServiceState.RUNNING

    def is_waiting(self, at: datetime) -> bool:
        """Return whether a try is planned for later, after one that failed."""
        return self.due_at is not None and self.due_at > at and self.attempts > 0


class ServiceAction(OrganizationOwned):
    """Something asked of a running service: a restart, a reset (PRD-13).

    It is pending until `due_at` and can be cancelled until it is first taken. `fence`, `serial` and
    `accepted_at` mean the same as at a service; `last_error` is for staff.
    """

    service = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="actions")
    product = models.ForeignKey("products.Product", on_delete=models.PROTECT, related_name="+")
    slug = models.SlugField()
    parameters = models.JSONField(default=dict)
    status = models.CharField(max_length=10, choices=ActionStatus.choices, default=ActionStatus.WAITING)
    asked_at = models.DateTimeField()
    asked_by = models.CharField(max_length=200, blank=True)
    due_at = models.DateTimeField(null=True)
    started_at = models.DateTimeField(null=True)
    accepted_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    attempts = models.PositiveIntegerField(default=0)
    fence = models.PositiveIntegerField(default=0)
    serial = models.PositiveIntegerField(default=1)
    last_error = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["service", "slug"],
                condition=Q(status__in=sorted(OPEN_ACTIONS)),
                name="action_asked_once",
            ),
            models.UniqueConstraint(
                fields=["service"], condition=Q(status="running"), name="action_one_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(status__in=sorted(OPEN_ACTIONS), closed_at=None, due_at__isnull=False)
                | (~Q(status__in=sorted(OPEN_ACTIONS)) & Q(closed_at__isnull=False, due_at=None)),
                name="action_open_or_closed",
            ),
        ]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(due_at__isnull=False), name="action_to_perform"),
            models.Index(fields=["organization", "product", "-id"], name="action_of_product"),
            models.Index(fields=["closed_at", "id"], condition=Q(status="failed"), name="action_failed"),
        ]
        triggers = [
            pgtrigger.FSM(
                name="follows_the_table",
                field="status",
                transitions=[
                    (str(old), str(new)) for old, steps in ACTION_TRANSITIONS.items() for new in sorted(steps)
                ],
            )
        ]

    def __str__(self) -> str:
        return f"{self.slug} of product {self.product_id}"

    @property
    def may_be_cancelled(self) -> bool:
        """Whether no machine has heard of it yet."""
        return bool(self.status == ActionStatus.WAITING and self.attempts == 0)


class DriverHealth(models.Model):
    """How a driver found its side when it was last asked; for staff."""

    driver = models.SlugField(unique=True)
    is_well = models.BooleanField()
    details = models.CharField(max_length=300, blank=True)
    checked_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.driver}: {'well' if self.is_well else self.details}"


class PlannedFault(models.Model):
    """A failure that the local driver is told to show, for tests and demonstrations.

    An empty `operation` means any, a missing `product_id` every product. `remaining` counts down with
    each failure.
    """

    operation = models.CharField(max_length=50, blank=True)
    product_id = models.BigIntegerField(null=True, blank=True)
    remaining = models.PositiveIntegerField(default=1)
    message = models.CharField(max_length=200)

    def __str__(self) -> str:
        return f"{self.operation or 'any operation'}: {self.message}"
