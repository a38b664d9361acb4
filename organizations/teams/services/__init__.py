"""What can be done with teams."""

from organizations.teams.services.create import create_team
from organizations.teams.services.delete import delete_team
from organizations.teams.services.edit import edit_team, name_leader
from organizations.teams.services.staff import add_to_team, remove_from_team

__all__ = ["add_to_team", "create_team", "delete_team", "edit_team", "name_leader", "remove_from_team"]
