"""Members and invitations as a table for spreadsheets."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from manager.kit.spreadsheet import write_csv
from organizations.members.models import Invitation, Membership


def people_as_csv(*, members: Iterable[Membership], invitations: Iterable[Invitation], at: datetime) -> bytes:
    """Return joined and invited people, in the language of who asks; no cell is a formula (INC-31).

    `members` come with `has_factor` and their teams.
    """
    header = [
        _("Name"),
        _("E-mail"),
        _("State"),
        _("Role"),
        _("Billing rights"),
        _("Teams"),
        _("Second factor"),
        _("Since"),
        _("Last seen"),
    ]
    return write_csv(header, _rows(members, invitations, at))


def _rows(
    members: Iterable[Membership], invitations: Iterable[Invitation], at: datetime
) -> Iterator[list[Any]]:
    for invitation in invitations:
        state = _("Invitation expired") if invitation.is_expired(at) else _("Invited")
        yield [
            "",
            invitation.email,
            state,
            invitation.get_role_display(),
            _yes(invitation.has_billing),
            ", ".join(place.team.name for place in invitation.team_places.all()),
            "",
            invitation.created_at.date(),
            "",
        ]
    for member in members:
        yield [
            member.user.name,
            member.user.email,
            _("Member"),
            member.get_role_display(),
            _yes(member.has_billing),
            ", ".join(place.team.name for place in member.team_places.all()),
            _yes(bool(getattr(member, "has_factor", False))),
            member.created_at.date(),
            member.last_seen_at.date() if member.last_seen_at else "",
        ]


def _yes(value: bool) -> str:
    return _("Yes") if value else _("No")
