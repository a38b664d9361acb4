"""Requests for access: what a member asks of those who can give it (UI-6)."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from manager.kit.fields import refuse_control_characters
from organizations.access.models import Level
from organizations.requests.status import RequestStatus
from organizations.tenancy.models import OrganizationOwned


class AccessRequest(OrganizationOwned):
    """A member asks for a product, a family, or a right of a role. It outlives the membership, closed."""

    membership = models.ForeignKey(
        "organizations.Membership",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="access_requests",
    )
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    permission = models.CharField(max_length=40, blank=True)
    family = models.SlugField(blank=True)
    product_id = models.BigIntegerField(null=True, blank=True)
    level = models.CharField(max_length=6, choices=Level.choices, blank=True)
    message = models.CharField(max_length=500, blank=True, validators=[refuse_control_characters])
    status = models.CharField(max_length=10, choices=RequestStatus.choices, default=RequestStatus.OPEN)
    created_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    answer = models.CharField(max_length=500, blank=True, validators=[refuse_control_characters])

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(permission="", level__in=Level.values)
                & (Q(family="", product_id__isnull=False) | (~Q(family="") & Q(product_id=None)))
                | (~Q(permission="") & Q(family="", product_id=None, level="")),
                name="access_request_names_one_thing",
            ),
            models.UniqueConstraint(
                fields=["organization", "user", "permission", "family", "product_id"],
                condition=Q(status=RequestStatus.OPEN),
                nulls_distinct=False,
                name="access_request_open_once",
            ),
        ]
        indexes = [models.Index(fields=["organization", "status", "-id"], name="access_request_newest")]

    def __str__(self) -> str:
        return f"{self.permission or self.family or self.product_id} for {self.user_id}"
