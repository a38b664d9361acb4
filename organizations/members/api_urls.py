"""API routes of members and invitations."""

from django.urls import path

from organizations.members import api

urlpatterns = [
    path("organizations/<organization>/members", api.MemberList.as_view(), name="members"),
    path("organizations/<organization>/invitations", api.InvitationList.as_view(), name="invitations"),
]
