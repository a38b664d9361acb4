"""API routes of grants."""

from django.urls import path

from organizations.grants import api

urlpatterns = [
    path("organizations/<organization>/grants", api.GrantList.as_view(), name="grants"),
    path("organizations/<organization>/grants/<int:grant_id>", api.GrantDetail.as_view(), name="grant"),
    path("organizations/<organization>/access/why", api.WhyAccess.as_view(), name="why"),
]
