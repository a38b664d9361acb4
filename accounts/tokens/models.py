"""Tokens with which a program acts for a person."""

from datetime import datetime
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from accounts.tokens.scopes import Scope
from accounts.tokens.status import EndReason, TokenState
from manager.kit.fields import refuse_control_characters


class ApiToken(models.Model):
    """A secret for programs: named, with scopes, shown once, stored hashed only (ACC-16).

    It belongs to a person, not to an organization; it may be bound to one of the person's
    organizations, which lie on the floor above and are known here by their id alone.

    After a rotation the secret before it goes on working until `previous_ends_at`. `reminded_days` is the
    last reminder sent: how many days before the expiry.
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
    last_used_address = models.GenericIPAddressField(null=True)
    revoked_at = models.DateTimeField(null=True)
    ended_because = models.CharField(
        max_length=10, choices=EndReason.choices, blank=True, default="", db_default=""
    )
    rotated_at = models.DateTimeField(null=True)
    previous_hash = models.CharField(max_length=64, null=True, unique=True)  # noqa: DJ001  (no secret, no hash)
    previous_ends_at = models.DateTimeField(null=True)
    reminded_days = models.SmallIntegerField(null=True)

    def __str__(self) -> str:
        return self.name

    @property
    def organization_id(self) -> int | None:
        """The only organization that the token reaches; None for all of the person's."""
        return self.bound_organization_id

    @property
    def limit_key(self) -> str:
        """What the token's requests are counted for."""
        return f"token:{self.pk}"

    def is_usable(self, at: datetime) -> bool:
        """Return whether the token still opens anything at `at`."""
        return self.state_at(at) is TokenState.ACTIVE

    def state_at(self, at: datetime) -> TokenState:
        """Return whether the token is active, expired or revoked at `at`."""
        if self.revoked_at is not None:
            return TokenState.REVOKED
        return TokenState.ACTIVE if at < self.expires_at else TokenState.EXPIRED


def _of(model: str, related_name: str) -> "models.ForeignKey[Any, Any]":
    return models.ForeignKey(model, on_delete=models.CASCADE, related_name=related_name, null=True)


# What a count belongs to: a person's token, what a person allows an application, or a service.
_OF_ONE = Q(
    Q(token__isnull=False, consent__isnull=True, application__isnull=True),
    Q(token__isnull=True, consent__isnull=False, application__isnull=True),
    Q(token__isnull=True, consent__isnull=True, application__isnull=False),
    _connector="OR",
)


class TokenMinute(models.Model):
    """How many requests came with a token within a minute, and how many of them were refused (API-3).

    The tokens of an application are those of one consent; a service's are its own.
    """

    token = _of("accounts.ApiToken", "minutes")
    consent = _of("accounts.OAuthConsent", "minutes")
    application = _of("accounts.OAuthApplication", "minutes")
    minute = models.DateTimeField()
    requests = models.IntegerField()
    refused = models.IntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["token", "consent", "application", "minute"],
                nulls_distinct=False,
                name="program_minute_once",
            ),
            models.CheckConstraint(condition=_OF_ONE, name="token_minute_of_one"),
        ]
        indexes: ClassVar = [models.Index(fields=["minute"], name="token_minute_age")]


class TokenDay(models.Model):
    """The same within a day (UTC): the sum of its minutes, which are forgotten sooner."""

    token = _of("accounts.ApiToken", "days")
    consent = _of("accounts.OAuthConsent", "days")
    application = _of("accounts.OAuthApplication", "days")
    day = models.DateField()
    requests = models.IntegerField()
    refused = models.IntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["token", "consent", "application", "day"],
                nulls_distinct=False,
                name="program_day_once",
            ),
            models.CheckConstraint(condition=_OF_ONE, name="token_day_of_one"),
        ]
        indexes: ClassVar = [models.Index(fields=["day"], name="token_day_age")]
