"""API routes of requests for access."""

from django.urls import path

from organizations.requests import api

_ONE = "organizations/<organization>/access-requests/<int:request_id>"

urlpatterns = [
    path(
        "organizations/<organization>/access-requests",
        api.AccessRequestList.as_view(),
        name="access_requests",
    ),
    path(_ONE, api.AccessRequestDetail.as_view(), name="access_request"),
    path(f"{_ONE}/approve", api.AccessRequestApproval.as_view(), name="approve_access_request"),
    path(f"{_ONE}/refuse", api.AccessRequestRefusal.as_view(), name="refuse_access_request"),
]
