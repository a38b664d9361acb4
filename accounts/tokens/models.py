"""Tokens with which a program acts for a person."""

from datetime import datetime

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models

from accounts.tokens.scopes import Scope
from manager.kit.fields import refuse_control_characters


class ApiToken(models.Model):
    """A secret for programs: named, with scopes, shown once, stored hashed only (ACC-16).

    It belongs to a person, not to an organization; it may be bound to one of the person's
    organizations, which lie on the floor above and are known here by their id alone.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="api_tokens")
    name = models.CharField(max_length=80, validators=[refuse_control_characters])
    prefix = models.CharField(max_length=16)
    secret_hash = models.CharField(max_length=64, unique=True)
    scopes = ArrayField(models.CharField(max_length=40, choices=Scope.choices))
    bound_organization_id = models.BigIntegerField(null=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.name

    @property
    def organization_id(self) -> int | None:
        """The only organization that the token reaches; None for all of the person's."""
        return self.bound_organization_id

    def is_usable(self, at: datetime) -> bool:
        """Return whether the token still opens anything at `at`."""
        return self.revoked_at is None and at < self.expires_at
