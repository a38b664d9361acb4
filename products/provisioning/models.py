"""What the local driver keeps of a product: the service as it was set up."""

from django.db import models

from organizations.tenancy.models import OrganizationOwned


class Service(OrganizationOwned):
    """The provisioned side of a product: its driver, the state there and what the driver remembers."""

    product = models.OneToOneField("products.Product", on_delete=models.PROTECT, related_name="service")
    driver = models.SlugField()
    state = models.CharField(max_length=12, default="absent")
    wanted = models.CharField(max_length=12, default="running")
    data = models.JSONField(default=dict)
    attempts = models.PositiveIntegerField(default=0)
    fence = models.PositiveIntegerField(default=0)
    due_at = models.DateTimeField(null=True)
    last_error = models.TextField(blank=True)
    updated_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["due_at"], condition=models.Q(due_at__isnull=False), name="service_to_set_up")
        ]

    def __str__(self) -> str:
        return f"{self.driver} service of product {self.product_id}"
