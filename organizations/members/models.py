"""Members of organizations and the invitations that make them."""

from datetime import datetime

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models

from organizations.access.roles import Role
from organizations.tenancy.models import OrganizationOwned


class Membership(OrganizationOwned):
    """A user in an organization, with a role (ORG-6). The user sees it across organizations.

    `topics` are the kinds of administrative mail that the member gets (ORG-11); None: as the rights say.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=20, choices=Role.choices)
    has_billing = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True, blank=True)
    last_seen_at = models.DateTimeField(null=True, blank=True)
    topics = ArrayField(models.CharField(max_length=12), null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organization", "user"], name="membership_unique")]
        indexes = [models.Index(fields=["organization", "created_at", "id"], name="membership_by_joining")]

    def __str__(self) -> str:
        return f"{self.user_id} in {self.organization_id} as {self.role}"


class Invitation(OrganizationOwned):
    """An offer of membership, mailed to one address and bound to it (ORG-7).

    `grants` are the products that come with it, each as {"family", "product_id", "level"}; teams lie in
    rows of their own.
    """

    email = models.EmailField(max_length=254)
    role = models.CharField(max_length=20, choices=Role.choices)
    has_billing = models.BooleanField(default=False)
    topics = ArrayField(models.CharField(max_length=12), null=True, blank=True)
    grants = models.JSONField(null=True, blank=True)
    token_hash = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    # What the person joins by accepting (ORG-12).
    teams = models.ManyToManyField(
        "organizations.Team", through="organizations.InvitationTeam", related_name="invitations"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "email"],
                condition=models.Q(accepted_at=None, withdrawn_at=None),
                name="invitation_once_per_address",
            )
        ]

    def __str__(self) -> str:
        return self.email

    def is_expired(self, at: datetime) -> bool:
        """Return whether the invitation can only be sent again."""
        return at >= self.expires_at
