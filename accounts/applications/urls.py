"""Routes of applications, and of the authorization server."""

from django.urls import path

from accounts.applications import endpoints
from accounts.applications.views import authorize, consents, developer

urlpatterns = [
    path(".well-known/oauth-authorization-server", endpoints.metadata, name="oauth_metadata"),
    path("oauth/authorize/", authorize.authorize, name="oauth_authorize"),
    path("oauth/token/", endpoints.token, name="oauth_token"),
    path("oauth/revoke/", endpoints.revoke, name="oauth_revoke"),
    path("oauth/introspect/", endpoints.introspect, name="oauth_introspect"),
    path("profile/applications/", consents.consents, name="consents"),
    path("profile/applications/<int:consent_id>/", consents.consent, name="consent"),
    path("profile/applications/<int:consent_id>/revoke/", consents.consent_revoke, name="consent_revoke"),
    path("profile/developer/", developer.applications, name="applications"),
    path("profile/developer/new/", developer.application_create, name="application_create"),
    path("profile/developer/<int:application_id>/", developer.application, name="application"),
    path(
        "profile/developer/<int:application_id>/change/",
        developer.application_change,
        name="application_change",
    ),
    path(
        "profile/developer/<int:application_id>/secret/",
        developer.application_secret,
        name="application_secret",
    ),
    path(
        "profile/developer/<int:application_id>/delete/",
        developer.application_delete,
        name="application_delete",
    ),
]
