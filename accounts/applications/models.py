"""OAuth 2: applications, what people allow them, and the secrets that follow from it (ACC-16).

The rows are the library's abstract ones with our own additions, so that its protocol code knows its way
around in them. Codes, access and refresh tokens are stored hashed only.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _
from oauth2_provider.models import (
    AbstractAccessToken,
    AbstractApplication,
    AbstractGrant,
    AbstractRefreshToken,
)

from accounts.applications.addresses import is_loopback
from accounts.tokens.scopes import Scope
from manager.kit.fields import refuse_control_characters


class ApplicationKind(models.TextChoices):
    """How an application runs, and so what it can keep secret."""

    WEB = "web", _("Web application")
    NATIVE = "native", _("App on a device or in a browser")
    SERVICE = "service", _("Service without a person")


class OAuthApplication(AbstractApplication):
    """A program of somebody's that others may let act for them, or a service that acts for its owner.

    A service is bound to one organization of its owner; the others learn their organization from each
    consent. `client_secret` is the SHA-256 of a random secret; empty where the kind cannot keep one.
    """

    client_secret = models.CharField(max_length=64, blank=True, default="")
    name = models.CharField(max_length=80, validators=[refuse_control_characters])
    kind = models.CharField(max_length=10, choices=ApplicationKind.choices)
    scopes = ArrayField(models.CharField(max_length=40, choices=Scope.choices))
    bound_organization_id = models.BigIntegerField(null=True)
    secret_made_at = models.DateTimeField(null=True)
    last_used_at = models.DateTimeField(null=True)

    @property
    def is_service(self) -> bool:
        """Whether it acts for its owner, without anybody's consent."""
        return self.kind == ApplicationKind.SERVICE

    @property
    def has_active_owner(self) -> bool:
        """Whether who registered it still has an account; the library lets an application be nobody's."""
        return self.user is not None and self.user.is_active

    @property
    def addresses(self) -> list[str]:
        """The addresses to which people may be sent back."""
        return str(self.redirect_uris).split()

    def redirect_uri_allowed(self, uri: str) -> bool:
        """Return whether `uri` is one of the registered addresses, character by character (INC-21)."""
        return uri in self.addresses

    def get_allowed_schemes(self) -> list[str]:
        """Return https, and http where a registered address is on the person's own machine."""
        return ["https", "http"] if any(is_loopback(address) for address in self.addresses) else ["https"]


class OAuthConsent(models.Model):
    """What a person allows an application, in one organization or in all of the person's."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="consents")
    application = models.ForeignKey(OAuthApplication, on_delete=models.CASCADE, related_name="consents")
    bound_organization_id = models.BigIntegerField(null=True)
    scopes = ArrayField(models.CharField(max_length=40, choices=Scope.choices))
    created_at = models.DateTimeField()
    confirmed_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True)
    last_used_address = models.GenericIPAddressField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["user", "application", "bound_organization_id"],
                condition=models.Q(revoked_at=None),
                nulls_distinct=False,
                name="one_live_consent",
            )
        ]


class OAuthCode(AbstractGrant):
    """An authorization code, hashed. It stays for a while after its use, so that a second use is noticed."""

    consent = models.ForeignKey(OAuthConsent, on_delete=models.CASCADE, related_name="codes")
    family = models.UUIDField()
    used_at = models.DateTimeField(null=True)


class OAuthAccessToken(AbstractAccessToken):
    """An access token, hashed: from a person's consent, or a service's own."""

    id_token = None  # no OpenID Connect here
    # The library lets both be missing; here a token is always somebody's, also a service's.
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="oauth_tokens")
    application = models.ForeignKey(OAuthApplication, on_delete=models.CASCADE, related_name="tokens")
    consent = models.ForeignKey(OAuthConsent, on_delete=models.CASCADE, null=True, related_name="tokens")
    bound_organization_id = models.BigIntegerField(null=True)

    def is_usable(self, at: datetime) -> bool:
        """Return whether the token still opens anything at `at`: while what it follows from stands."""
        if at >= self.expires or not (self.user.is_active and self.application.has_active_owner):
            return False
        return self.application.is_service if self.consent is None else self.consent.revoked_at is None

    @property
    def organization_id(self) -> int | None:
        """The only organization that the token reaches; None for all of the person's."""
        return self.bound_organization_id

    @property
    def scopes(self) -> list[str]:
        """What the token may do."""
        return [scope for scope in str(self.scope).split() if scope in Scope.values]

    @property
    def name(self) -> str:
        """What the token belongs to, as the audit log tells it."""
        return str(self.application.name)

    @property
    def limit_key(self) -> str:
        """What its requests are counted for: new tokens of the same consent bring no new allowance."""
        return f"application:{self.application_id}:{self.user_id}"

    def allow_scopes(self, scopes: Iterable[str] | None) -> bool:
        """Return whether the token has all of `scopes`."""
        return set(scopes or ()) <= set(self.scopes)


class OAuthRefreshToken(AbstractRefreshToken):
    """A refresh token, hashed. Each is used once; a second use ends its whole family."""

    consent = models.ForeignKey(OAuthConsent, on_delete=models.CASCADE, related_name="refresh_tokens")
