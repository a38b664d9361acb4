"""Routes of teams."""

from django.urls import path

from organizations.teams.views import staff, teams

urlpatterns = [
    path("o/<int:organization_id>/teams/", teams.teams, name="teams"),
    path("o/<int:organization_id>/teams/create/", teams.create, name="create_team"),
    path("o/<int:organization_id>/teams/<int:team_id>/", teams.team, name="team"),
    path("o/<int:organization_id>/teams/<int:team_id>/edit/", teams.edit, name="edit_team"),
    path("o/<int:organization_id>/teams/<int:team_id>/leader/", teams.leader, name="team_leader"),
    path("o/<int:organization_id>/teams/<int:team_id>/delete/", teams.delete, name="delete_team"),
    path("o/<int:organization_id>/teams/<int:team_id>/members/add/", staff.add, name="add_to_team"),
    path(
        "o/<int:organization_id>/teams/<int:team_id>/members/remove/", staff.remove, name="remove_from_team"
    ),
]
