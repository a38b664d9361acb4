"""Routes of organizations."""

from django.urls import include, path

app_name = "organizations"

urlpatterns = [
    path("", include("organizations.profile.urls")),
    path("", include("organizations.deletion.urls")),
    path("", include("organizations.members.urls")),
    path("", include("organizations.teams.urls")),
    path("", include("organizations.grants.urls")),
    path("", include("organizations.requests.urls")),
    path("", include("organizations.policies.urls")),
    path("", include("organizations.support.urls")),
    path("", include("organizations.audit.urls")),
    path("", include("organizations.webhooks.urls")),
]
