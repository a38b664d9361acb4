"""What comes with a membership besides the role: products, teams, kinds of mail (ORG-7)."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from manager.kit.actor import Actor
from manager.kit.errors import DomainError
from organizations.access.choices import find_product_choices
from organizations.access.models import Grant, Level
from organizations.access.roles import UNRESTRICTED
from organizations.audit.services import record_audit
from organizations.members.models import Invitation, Membership
from organizations.members.topics import Topic
from organizations.teams.models import InvitationTeam, Team, TeamMembership


class UnknownGift(DomainError):
    """A product, family, team or kind of mail is not there, or not in this organization."""

    code = "unknown_gift"
    status = 422
    field = "access"
    message = _("Something of what you have chosen is not there any more. Please choose again.")


@dataclass(frozen=True, slots=True)
class Gifts:
    """What an invitation gives; `topics` None: as the rights say."""

    grants: tuple[Mapping[str, Any], ...] = ()
    team_ids: frozenset[int] = frozenset()
    topics: frozenset[str] | None = None

    def grants_for(self, role: str) -> list[dict[str, Any]] | None:
        """Return the grants as they are stored; none for a role that sees every product."""
        return [dict(grant) for grant in self.grants] or None if role not in UNRESTRICTED else None


def check_gifts(*, organization_id: int, gifts: Gifts) -> None:
    """Let gifts pass that the organization can give.

    :raises UnknownGift: one is not there.
    """
    choices = find_product_choices(organization_id) if gifts.grants else None
    for grant in gifts.grants:
        is_known = choices is not None and choices.has(family=grant["family"], product_id=grant["product_id"])
        if not is_known or grant["level"] not in Level.values:
            raise UnknownGift
    teams = Team.objects.filter(organization_id=organization_id, pk__in=gifts.team_ids)
    if gifts.team_ids and teams.count() != len(gifts.team_ids):
        raise UnknownGift
    if gifts.topics is not None and not gifts.topics <= set(Topic.values):
        raise UnknownGift


def place_in_teams(*, invitation: Invitation, team_ids: Collection[int]) -> None:
    """Keep the teams of an invitation, in place of those that it had."""
    InvitationTeam.objects.filter(
        organization_id=invitation.organization_id, invitation_id=invitation.pk
    ).delete()
    InvitationTeam.objects.bulk_create(
        InvitationTeam(organization_id=invitation.organization_id, invitation=invitation, team_id=pk)
        for pk in sorted(team_ids)
    )


def hand_over(*, invitation: Invitation, membership: Membership, actor: Actor, at: datetime) -> None:
    """Give a new member what the invitation promised, as far as it is still there."""
    _join_teams(invitation, membership, at)
    if not invitation.grants or membership.role in UNRESTRICTED:
        return
    choices = find_product_choices(invitation.organization_id)
    for grant in invitation.grants:
        family, product_id = grant["family"], grant["product_id"]
        if not choices.has(family=family, product_id=product_id):
            continue
        Grant.objects.get_or_create(
            organization_id=invitation.organization_id,
            membership=membership,
            family=family,
            product_id=product_id,
            ended_at=None,
            defaults={"level": grant["level"], "created_at": at, "starts_at": at},
        )
        record_audit(
            organization_id=invitation.organization_id,
            name="grant.given",
            actor=actor,
            at=at,
            subject=membership.user,
            level=grant["level"],
            what=choices.name_of(family=family, product_id=product_id),
        )


def _join_teams(invitation: Invitation, membership: Membership, at: datetime) -> None:
    teams = InvitationTeam.objects.filter(
        organization_id=invitation.organization_id, invitation_id=invitation.pk
    )
    for team_id in teams.values_list("team_id", flat=True):
        TeamMembership.objects.get_or_create(
            organization_id=invitation.organization_id,
            team_id=team_id,
            membership=membership,
            defaults={"created_at": at},
        )
