"""API routes of applications."""

from django.urls import path

from accounts.applications.api import (
    ConsentDetail,
    ConsentList,
    ConsentUse,
    OwnApplicationDetail,
    OwnApplicationList,
    ServiceUse,
)

urlpatterns = [
    path("profile/applications", ConsentList.as_view(), name="applications"),
    path("profile/applications/<int:consent_id>", ConsentDetail.as_view(), name="application"),
    path("profile/applications/<int:consent_id>/use", ConsentUse.as_view(), name="application_use"),
    path("profile/developer", OwnApplicationList.as_view(), name="own_applications"),
    path("profile/developer/<int:application_id>", OwnApplicationDetail.as_view(), name="own_application"),
    path("profile/developer/<int:application_id>/use", ServiceUse.as_view(), name="own_application_use"),
]
