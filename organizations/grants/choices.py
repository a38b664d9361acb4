"""What the form of a grant offers: a few people and teams, families, and products by search."""

from collections.abc import Sequence
from dataclasses import dataclass

from manager.kit.ids import parse_id
from organizations.access.choices import find_products, list_family_choices
from organizations.access.roles import UNRESTRICTED
from organizations.members.models import Membership
from organizations.members.selectors import list_members
from organizations.profile.models import Organization
from organizations.teams.models import Team

MOST = 12


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing to tick."""

    value: str
    label: str
    hint: str = ""
    hue: int = 0
    checked: bool = False


def offer_holders(*, organization: Organization, chosen: str, search: str) -> list[Choice]:
    """Return who can be granted something: the chosen one first, then teams and limited members by search."""
    kind, _, value = chosen.partition(":")
    chosen_id = parse_id(value) or 0
    teams = Team.objects.filter(organization_id=organization.pk)
    members = list_members(organization=organization, search=search).exclude(role__in=UNRESTRICTED)
    first: list[Choice] = []
    if kind == "team":
        first = [_of_team(team, checked=True) for team in teams.filter(pk=chosen_id)]
    elif kind == "member":
        everybody = list_members(organization=organization).filter(pk=chosen_id)
        first = [_of_member(member, checked=True) for member in everybody]
    found = teams.filter(name__icontains=search) if search else teams
    offered = [_of_team(team) for team in found.order_by("name", "id")[:MOST]]
    offered += [_of_member(member) for member in members[:MOST]]
    known = {choice.value for choice in first}
    return [*first, *(choice for choice in offered if choice.value not in known)]


def _of_team(team: Team, *, checked: bool = False) -> Choice:
    return Choice(f"team:{team.pk}", team.name, hue=team.hue, checked=checked)


def _of_member(member: Membership, *, checked: bool = False) -> Choice:
    hint = f"{member.user.email} · {member.get_role_display()}"
    return Choice(f"member:{member.pk}", member.user.name, hint=hint, checked=checked)


def offer_families(*, chosen: Sequence[str]) -> list[Choice]:
    """Return every family."""
    return [
        Choice(f"family:{slug}", name, checked=f"family:{slug}" in chosen)
        for slug, name in list_family_choices()
    ]


def offer_products(*, organization: Organization, chosen: Sequence[str], search: str) -> list[Choice]:
    """Return products: the chosen ones first, then those whose name holds `search`; two queries."""
    families = dict(list_family_choices())
    named = {parse_id(text[8:]) for text in chosen if text.startswith("product:")}
    ids = {number for number in named if number is not None}
    kept = find_products(organization.pk, ids=ids) if ids else []
    found = find_products(organization.pk, search=search, limit=MOST)
    return [
        Choice(
            f"product:{product.id}",
            product.name,
            hint=families.get(product.family, ""),
            checked=product.id in ids,
        )
        for product in [*kept, *(product for product in found if product.id not in ids)]
    ]
