"""OAuth 2: what django-oauth-toolkit is to know. Its views are not routed; ours call its protocol code."""

from typing import Any

OAUTH2_PROVIDER_APPLICATION_MODEL = "accounts.OAuthApplication"
OAUTH2_PROVIDER_GRANT_MODEL = "accounts.OAuthCode"
OAUTH2_PROVIDER_ACCESS_TOKEN_MODEL = "accounts.OAuthAccessToken"  # noqa: S105  (a model)
OAUTH2_PROVIDER_REFRESH_TOKEN_MODEL = "accounts.OAuthRefreshToken"  # noqa: S105  (a model)


def oauth2_provider(issuer: str) -> dict[str, Any]:
    """Return the library's settings for the authorization server at `issuer`."""
    return {
        "SCOPES_BACKEND_CLASS": "accounts.applications.protocol.VocabularyScopes",
        "OAUTH2_VALIDATOR_CLASS": "accounts.applications.validator.Validator",
        "OIDC_ISS_ENDPOINT": issuer,
        "AUTHORIZATION_CODE_EXPIRE_SECONDS": 60,
        "ACCESS_TOKEN_EXPIRE_SECONDS": 60 * 60,
        "REFRESH_TOKEN_EXPIRE_SECONDS": 60 * 60 * 24 * 30,
        "ROTATE_REFRESH_TOKEN": True,
        "REFRESH_TOKEN_REUSE_PROTECTION": True,
        "PKCE_REQUIRED": True,
        "ALLOWED_REDIRECT_URI_SCHEMES": ["https"],
        **{f"COMPLIANT_BCP_RFC9700_{gate}": True for gate in _GATES},
    }


_GATES = [
    "IMPLICIT_GRANT",
    "PASSWORD_GRANT",
    "PKCE_METHOD",
    "ACCESS_TOKEN_TRANSPORT",
    "AUTHZ_RESPONSE_ISS",
    "TOKEN_STORAGE",
    "REFRESH_TOKEN",
    "REDIRECT_URI_SCHEME",
    "REDIRECT_URI_MATCHING",
    "PKCE_REQUIRED",
]
