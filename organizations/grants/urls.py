"""Routes of grants."""

from django.urls import path

from organizations.grants.views import grants, why

urlpatterns = [
    path("o/<int:organization_id>/access/grant/", grants.grant, name="grant"),
    path("o/<int:organization_id>/access/grants/<int:grant_id>/end/", grants.end, name="end_grant"),
    path("o/<int:organization_id>/access/why/", why.why, name="why"),
]
