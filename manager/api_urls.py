"""The REST routes: `/api/1/…`, and `/api/…` for the latest version (API-1)."""

from django.urls import include, path

operations = [
    path("", include("accounts.api_urls")),
    path("", include("organizations.api_urls")),
    path("", include("products.api_urls")),
    path("", include("billing.api_urls")),
]

urlpatterns = [
    path("", include("manager.shell.api_urls")),
    path("1/", include((operations, "api"), namespace="api-1")),
    path("", include((operations, "api"), namespace="api")),
]
