"""API routes of support access."""

from django.urls import path

from organizations.support import api

urlpatterns = [
    path(
        "organizations/<organization>/support-access", api.SupportAccessList.as_view(), name="support_access"
    ),
    path(
        "organizations/<organization>/support-access/<int:support_grant_id>",
        api.SupportAccessDetail.as_view(),
        name="revoke_support_access",
    ),
]
