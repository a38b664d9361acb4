"""API routes of members and invitations."""

from django.urls import path

from organizations.members import api

ORGANIZATION = "organizations/<organization>"

urlpatterns = [
    path(f"{ORGANIZATION}/members", api.MemberList.as_view(), name="members"),
    path(f"{ORGANIZATION}/members/<int:membership_id>", api.MemberDetail.as_view(), name="member"),
    path(f"{ORGANIZATION}/own-topics", api.OwnTopics.as_view(), name="own_topics"),
    path(f"{ORGANIZATION}/leave", api.Leaving.as_view(), name="leave"),
    path(f"{ORGANIZATION}/invitations", api.InvitationList.as_view(), name="invitations"),
    path(
        f"{ORGANIZATION}/invitations/<int:invitation_id>", api.InvitationDetail.as_view(), name="invitation"
    ),
    path(
        f"{ORGANIZATION}/invitations/<int:invitation_id>/resend",
        api.InvitationResend.as_view(),
        name="resend_invitation",
    ),
]
