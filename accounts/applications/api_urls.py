"""API routes of applications."""

from django.urls import path

from accounts.applications.api import ConsentDetail, ConsentList

urlpatterns = [
    path("profile/applications", ConsentList.as_view(), name="applications"),
    path("profile/applications/<int:consent_id>", ConsentDetail.as_view(), name="application"),
]
