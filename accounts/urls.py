"""The pages of `accounts`."""

from django.urls import include, path

app_name = "accounts"

urlpatterns = [
    path("", include("accounts.sessions.urls")),
    path("", include("accounts.mfa.urls")),
    path("", include("accounts.passkeys.urls")),
    path("", include("accounts.sms.urls")),
    path("", include("accounts.authenticator.urls")),
    path("", include("accounts.staff.urls")),
    path("", include("accounts.recovery.urls")),
    path("", include("accounts.security.urls")),
    path("", include("accounts.identity.urls")),
    path("", include("accounts.tokens.urls")),
    path("", include("accounts.applications.urls")),
    path("", include("accounts.closing.urls")),
    path("", include("accounts.profile.urls")),
]
