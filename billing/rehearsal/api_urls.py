"""REST operations of the room."""

from django.urls import path

from billing.rehearsal import api

urlpatterns = [
    path("organizations/<organization>/renewals/findings", api.FindingList.as_view(), name="renewal_findings")
]
