"""Teams, grants and requests for tests, made by their verbs."""

from collections.abc import Iterable
from datetime import datetime

from accounts.users.models import User
from manager.kit.scope import tenant_scope
from organizations.access.choices import ProductRef
from organizations.access.decisions import Explanation, Standing, explain, find_standing
from organizations.access.models import Grant
from organizations.access.roles import Permission
from organizations.grants.rules import Target
from organizations.grants.services import grant_access
from organizations.members.models import Membership
from organizations.profile.models import Organization
from organizations.requests.models import AccessRequest
from organizations.requests.services import ask_access
from organizations.teams.models import Team
from organizations.teams.services import add_to_team, create_team
from products.inventory.models import Product
from tests.factories.cast import AT
from tests.factories.members import actor_of, first_representative, membership_of


def present(organization: Organization, user: User) -> Membership:
    """Return the person's membership, which must be there."""
    membership = membership_of(organization, user)
    assert membership is not None
    return membership


def make_team(organization: Organization, name: str = "Designers", members: Iterable[User] = ()) -> Team:
    """Return a new team with these members."""
    leader = first_representative(organization)
    actor = actor_of(leader.user)
    team = create_team(organization_id=organization.pk, name=name, color="teal", actor=actor, at=AT)
    ids = [present(organization, user).pk for user in members]
    if ids:
        add_to_team(
            organization_id=organization.pk,
            team_id=team.pk,
            membership_ids=ids,
            adder=leader,
            actor=actor,
            at=AT,
        )
    return team


def give(
    organization: Organization,
    to: User | Team,
    *targets: Target,
    level: str = "view",
    ends_at: datetime | None = None,
    granter: Membership | None = None,
    at: datetime = AT,
) -> list[Grant]:
    """Grant to a member or a team, in the name of a legal representative."""
    granter = granter or first_representative(organization)
    holder = {"team_id": to.pk} if isinstance(to, Team) else {"membership_id": present(organization, to).pk}
    return grant_access(
        organization_id=organization.pk,
        targets=list(targets),
        level=level,
        ends_at=ends_at,
        granter=granter,
        actor=actor_of(granter.user),
        at=at,
        **holder,
    )


def ask(organization: Organization, user: User, *, at: datetime = AT, **what: object) -> AccessRequest:
    """Let a member ask for access."""
    return ask_access(membership=present(organization, user), actor=actor_of(user), at=at, **what)  # type: ignore[arg-type]


def standing_of(organization: Organization, user: User, *, at: datetime = AT) -> Standing:
    """Return what counts for a member at `at`."""
    with tenant_scope(organization.pk):
        return find_standing(membership=present(organization, user), at=at)


def why(
    organization: Organization, user: User, product: Product, *, manage: bool = False, at: datetime = AT
) -> Explanation:
    """Return whether a member sees, or manages, a product, and why."""
    return explain(
        standing=standing_of(organization, user, at=at),
        permission=Permission.PRODUCTS_MANAGE if manage else Permission.PRODUCTS_VIEW,
        product=ProductRef(product.pk, product.name, product.family),
    )
