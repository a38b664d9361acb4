"""API routes of organizations."""

from django.urls import path

from organizations.profile import api

urlpatterns = [
    path("organizations", api.OrganizationList.as_view(), name="organizations"),
    path("organizations/<organization>/vat-check", api.OrganizationVatCheck.as_view(), name="vat_check"),
    path("organizations/<organization>/logo", api.OrganizationLogo.as_view(), name="logo"),
    path("organizations/<organization>", api.OrganizationDetail.as_view(), name="organization"),
]
