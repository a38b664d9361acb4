"""Routes of members and invitations."""

from django.urls import path

from organizations.members.views import contacts, invitations, members, table, wizard

urlpatterns = [
    path("invitations/<str:key>/", invitations.accept, name="accept_invitation"),
    path("o/<int:organization_id>/leave/", members.leave, name="leave"),
    path("o/<int:organization_id>/members/", table.members, name="members"),
    path("o/<int:organization_id>/members/export/", table.export, name="export_members"),
    path("o/<int:organization_id>/members/remove/", members.remove, name="remove_members"),
    path("o/<int:organization_id>/members/invite/", wizard.invite, name="invite"),
    path("o/<int:organization_id>/members/invite/<slug:step>/", wizard.invite_step, name="invite_step"),
    path("o/<int:organization_id>/members/<int:membership_id>/", members.member, name="member"),
    path(
        "o/<int:organization_id>/members/<int:membership_id>/mails/", contacts.of_member, name="member_topics"
    ),
    path("o/<int:organization_id>/mails/", contacts.own, name="own_topics"),
    path(
        "o/<int:organization_id>/invitations/<int:invitation_id>/resend/",
        invitations.resend,
        name="resend_invitation",
    ),
    path(
        "o/<int:organization_id>/invitations/<int:invitation_id>/withdraw/",
        invitations.withdraw,
        name="withdraw_invitation",
    ),
]
