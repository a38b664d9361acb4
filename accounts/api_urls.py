"""The API operations of `accounts`."""

from django.urls import include, path

urlpatterns = [
    path("", include("accounts.profile.api_urls")),
    path("", include("accounts.security.api_urls")),
    path("", include("accounts.tokens.api_urls")),
    path("", include("accounts.applications.api_urls")),
]
