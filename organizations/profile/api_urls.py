"""API routes of organizations."""

from django.urls import path

from organizations.profile import api

urlpatterns = [
    path("organizations", api.OrganizationList.as_view(), name="organizations"),
    path("organizations/<organization>", api.OrganizationDetail.as_view(), name="organization"),
]
