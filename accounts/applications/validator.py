"""What the protocol code asks of us: who a client is, and which code or token is good (ACC-16, INC-21).

Stricter than the library: redirect addresses are compared character by character and must be sent, client
secrets and codes are stored hashed, a code used twice ends what its first use gave, and the rows of a code
or refresh token are locked while they are exchanged, so that of many at once one succeeds.
"""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from oauth2_provider.oauth2_validators import OAuth2Validator
from oauthlib.common import Request
from oauthlib.oauth2.rfc6749 import errors

from accounts.applications.models import (
    OAuthAccessToken,
    OAuthApplication,
    OAuthCode,
    OAuthConsent,
    OAuthRefreshToken,
)
from accounts.tokens.secrets import ACCESS, REFRESH, is_well_formed
from manager.kit.tokens import hash_secret

LONGEST_CLIENT_ID = 255


class Validator(OAuth2Validator):
    """The answers to the questions of the protocol."""

    # Clients

    def _load_application(self, client_id: str | None, request: Request) -> OAuthApplication | None:
        if isinstance(request.client, OAuthApplication) and request.client.client_id == client_id:
            return request.client
        request.client = None
        if not client_id or len(client_id) > LONGEST_CLIENT_ID or "\0" in client_id:
            return None
        application = OAuthApplication.objects.select_related("user").filter(client_id=client_id).first()
        if application is None or not application.has_active_owner:
            return None
        request.client = application
        return application

    def _check_secret(self, provided_secret: str, stored_secret: str) -> bool:
        return bool(stored_secret) and constant_time_compare(hash_secret(provided_secret), stored_secret)

    def get_default_redirect_uri(self, client_id: str, request: Request, *args: Any, **kwargs: Any) -> str:
        """Refuse: the address has to be sent each time (INC-21)."""
        raise errors.MissingRedirectURIError(request=request)

    def is_origin_allowed(
        self, client_id: str, origin: str, request: Request, *args: Any, **kwargs: Any
    ) -> bool:
        """Refuse: no other site's script may read an answer (INC-35)."""
        return False

    def validate_scopes(
        self,
        client_id: str,
        scopes: list[str],
        client: OAuthApplication,
        request: Request,
        *args: Any,
        **kwargs: Any,
    ) -> bool:
        """Return whether something is asked for, and nothing beyond what the application was made for."""
        return bool(scopes) and set(scopes) <= set(client.scopes)

    def _check_and_set_request_resource(self, request: Request) -> None:
        request.resource = []

    # Codes

    def _create_authorization_code(self, request: Request, code: Any, expires: Any = None) -> OAuthCode:
        lasts = settings.OAUTH2_PROVIDER["AUTHORIZATION_CODE_EXPIRE_SECONDS"]
        return OAuthCode.objects.create(
            application=request.client,
            user=request.user,
            consent=request.consent,
            family=request.family,
            code=hash_secret(code["code"]),
            expires=timezone.now() + timedelta(seconds=lasts),
            redirect_uri=request.redirect_uri,
            scope=" ".join(request.scopes),
            code_challenge=request.code_challenge,
            code_challenge_method=request.code_challenge_method,
        )

    def validate_code(
        self, client_id: str, code: str, client: OAuthApplication, request: Request, *args: Any, **kwargs: Any
    ) -> bool:
        """Lock the code's row and return whether it is good; a second use ends what the first one gave."""
        found = (
            OAuthCode.objects.select_for_update(of=("self",))
            .select_related("user", "consent")
            .filter(code=hash_secret(code), application=client)
            .first()
        )
        if found is None:
            return False
        if found.used_at is not None:
            OAuthRefreshToken.revoke_family(found.family)
            return False
        if found.is_expired() or found.consent.revoked_at is not None or not found.user.is_active:
            return False
        request.scopes = found.scope.split()
        request.user = found.user
        request.granted = found
        return True

    def confirm_redirect_uri(
        self, client_id: str, code: str, redirect_uri: str, client: Any, *args: Any, **kwargs: Any
    ) -> bool:
        """Return whether the address is the one to which the code was sent, character by character."""
        return OAuthCode.objects.filter(
            code=hash_secret(code), application=client, redirect_uri=redirect_uri
        ).exists()

    def get_code_challenge(self, code: str, request: Request) -> str | None:
        """Return the challenge (PKCE) that came with the request for the code."""
        return request.granted.code_challenge or None

    def get_code_challenge_method(self, code: str, request: Request) -> str | None:
        """Return how the challenge was made; only S256 is accepted."""
        return request.granted.code_challenge_method or None

    def invalidate_authorization_code(
        self, client_id: str, code: str, request: Request, *args: Any, **kwargs: Any
    ) -> None:
        """Note the use of the code; the row is locked, so nobody was quicker."""
        OAuthCode.objects.filter(pk=request.granted.pk).update(used_at=timezone.now())

    # Tokens

    def validate_refresh_token(
        self, refresh_token: str, client: OAuthApplication, request: Request, *args: Any, **kwargs: Any
    ) -> bool:
        """Lock the token's row and return whether it is good; a used one ends its whole family."""
        if not is_well_formed(refresh_token, REFRESH):
            return False
        # Another client that sends it ends nothing.
        found = (
            OAuthRefreshToken.objects.select_for_update(of=("self",))
            .select_related("consent", "user")
            .filter(token_checksum=hash_secret(refresh_token), application=client)
            .order_by("-pk")
            .first()
        )
        if found is None or found.consent.revoked_at is not None or not found.user.is_active:
            return False
        return bool(super().validate_refresh_token(refresh_token, client, request, *args, **kwargs))

    def get_original_scopes(self, refresh_token: str, request: Request, *args: Any, **kwargs: Any) -> str:
        """Return the scopes of the token that is renewed."""
        return str(request.refresh_token_instance.access_token.scope)

    def _create_access_token(
        self, expires: datetime, request: Request, token: dict[str, Any], source_refresh_token: Any = None
    ) -> OAuthAccessToken:
        application: OAuthApplication = request.client
        consent = _consent_of(request)
        access = OAuthAccessToken(
            user=consent.user if consent else application.user,
            application=application,
            consent=consent,
            bound_organization_id=(consent or application).bound_organization_id,
            scope=token["scope"],
            expires=expires,
            source_refresh_token=source_refresh_token,
        )
        self._set_token_value(access, token["access_token"])
        access.save()
        OAuthApplication.objects.filter(pk=application.pk).update(last_used_at=timezone.now())
        return access

    def _create_refresh_token(
        self,
        request: Request,
        refresh_token_code: str,
        access_token: OAuthAccessToken,
        previous_refresh_token: Any,
    ) -> OAuthRefreshToken:
        family = previous_refresh_token.token_family if previous_refresh_token else request.granted.family
        refresh = OAuthRefreshToken(
            user=access_token.user,
            application=request.client,
            access_token=access_token,
            consent=access_token.consent,
            token_family=family,
        )
        self._set_token_value(refresh, refresh_token_code)
        refresh.save()
        return refresh

    def validate_bearer_token(self, token: str, scopes: Any, request: Request) -> bool:
        """Refuse: the API knows its tokens itself (`accounts.tokens.authentication`)."""
        return False

    def introspect_token(
        self, token: str, token_type_hint: str | None, request: Request, *args: Any, **kwargs: Any
    ) -> dict[str, Any] | None:
        """Return what an access token of the asking client may do; None for every other (RFC 7662)."""
        application: OAuthApplication = request.client
        if not application.client_secret or not is_well_formed(token, ACCESS):
            return None
        access = (
            OAuthAccessToken.objects.select_related("application__user", "consent", "user")
            .filter(token_checksum=hash_secret(token), application=application)
            .first()
        )
        if access is None or not access.is_usable(timezone.now()):
            return None
        return {
            "scope": access.scope,
            "client_id": application.client_id,
            "token_type": "Bearer",
            "exp": int(access.expires.timestamp()),
            "organization_id": access.organization_id,
        }


def _consent_of(request: Request) -> OAuthConsent | None:
    """Return the consent behind a code or refresh token; None for a service, which acts for its owner."""
    if request.grant_type == "client_credentials":
        return None
    granted: OAuthCode | None = getattr(request, "granted", None)
    if granted is not None:
        return granted.consent
    consent_id = OAuthRefreshToken.objects.values_list("consent", flat=True).get(
        token_checksum=hash_secret(request.refresh_token), application=request.client
    )
    return OAuthConsent.objects.select_related("user").get(pk=consent_id)
