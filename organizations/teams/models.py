"""Teams: groups of members with granted products (ORG-12)."""

from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from manager.kit.fields import refuse_control_characters
from organizations.tenancy.models import OrganizationOwned


class Color(models.TextChoices):
    """What a team is marked with; the panel's eight tints, legible in light and dark."""

    INDIGO = "indigo", _("Indigo")
    VIOLET = "violet", _("Violet")
    PINK = "pink", _("Pink")
    RED = "red", _("Red")
    AMBER = "amber", _("Amber")
    GREEN = "green", _("Green")
    TEAL = "teal", _("Teal")
    BLUE = "blue", _("Blue")

    @property
    def hue(self) -> int:
        """The number of the tint in the stylesheets."""
        return list(type(self)).index(self) + 1


class Team(OrganizationOwned):
    """A group of members. What is granted to it, each of its members has."""

    name = models.CharField(max_length=60, validators=[refuse_control_characters])
    color = models.CharField(max_length=8, choices=Color.choices, default=Color.INDIGO)
    leader = models.ForeignKey(
        "organizations.Membership", on_delete=models.SET_NULL, null=True, blank=True, related_name="led_teams"
    )
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint("organization", Lower("name"), name="team_name_unique")]

    def __str__(self) -> str:
        return self.name

    @property
    def hue(self) -> int:
        """The number of the team's tint."""
        return Color(self.color).hue


class TeamMembership(OrganizationOwned):
    """A member in a team."""

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="places")
    membership = models.ForeignKey(
        "organizations.Membership", on_delete=models.CASCADE, related_name="team_places"
    )
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["team", "membership"], name="team_membership_unique")]

    def __str__(self) -> str:
        return f"{self.membership_id} in {self.team_id}"


class InvitationTeam(OrganizationOwned):
    """A team that somebody joins by accepting an invitation."""

    invitation = models.ForeignKey(
        "organizations.Invitation", on_delete=models.CASCADE, related_name="team_places"
    )
    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="invited_places")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["invitation", "team"], name="invitation_team_unique")]

    def __str__(self) -> str:
        return f"{self.invitation_id} into {self.team_id}"
