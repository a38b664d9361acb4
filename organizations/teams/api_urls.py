"""API routes of teams."""

from django.urls import path

from organizations.teams import api

urlpatterns = [
    path("organizations/<organization>/teams", api.TeamList.as_view(), name="teams"),
    path("organizations/<organization>/teams/<int:team_id>", api.TeamDetail.as_view(), name="team"),
    path(
        "organizations/<organization>/teams/<int:team_id>/members",
        api.TeamMemberList.as_view(),
        name="team_members",
    ),
    path(
        "organizations/<organization>/teams/<int:team_id>/members/<int:membership_id>",
        api.TeamMemberDetail.as_view(),
        name="team_member",
    ),
]
