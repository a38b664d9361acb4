"""API routes of organizations."""

from django.urls import include, path

urlpatterns = [
    path("", include("organizations.profile.api_urls")),
    path("", include("organizations.deletion.api_urls")),
    path("", include("organizations.members.api_urls")),
    path("", include("organizations.teams.api_urls")),
    path("", include("organizations.grants.api_urls")),
    path("", include("organizations.requests.api_urls")),
    path("", include("organizations.policies.api_urls")),
    path("", include("organizations.support.api_urls")),
    path("", include("organizations.audit.api_urls")),
    path("", include("organizations.webhooks.api_urls")),
    path("", include("organizations.progress.api_urls")),
]
