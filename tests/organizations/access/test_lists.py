"""Lists of teams, of the audit log and of requests cost the same at any length (UI-2)."""

from collections.abc import Callable

import pytest

from manager.kit.scope import tenant_scope
from organizations.access.roles import Role
from organizations.audit.models import AuditEvent
from organizations.grants.rules import Target
from organizations.profile.models import Organization
from organizations.requests.models import AccessRequest
from organizations.requests.status import RequestStatus
from organizations.teams.models import Team, TeamMembership
from tests.factories.access import give, present
from tests.factories.cast import AT, client_of, make_member, make_tenant
from tests.factories.members import first_representative
from tests.factories.products import make_product

LENGTHS = (3, 10_000)


def add_teams(organization: Organization, number: int) -> None:
    """Teams with a leader and a member each."""
    leader = present(organization, make_member(organization, Role.COLLABORATOR))
    first = Team.objects.count()
    teams = Team.objects.bulk_create(
        Team(organization=organization, name=f"Team {first + index}", leader=leader, created_at=AT)
        for index in range(number)
    )
    TeamMembership.objects.bulk_create(
        TeamMembership(organization=organization, team=team, membership=leader, created_at=AT)
        for team in teams
    )


def add_events(organization: Organization, number: int) -> None:
    """Events of one person and one name."""
    actor = first_representative(organization).user
    AuditEvent.objects.bulk_create(
        AuditEvent(
            organization_id=organization.pk,
            name="product.renamed",
            actor_kind="person",
            actor_id=actor.pk,
            actor_name=actor.name,
            at=AT,
            data={"index": index},
        )
        for index in range(number)
    )


def add_requests(organization: Organization, number: int) -> None:
    """Refused requests for one product."""
    asker = present(organization, make_member(organization, Role.EXTERNAL))
    product = make_product(organization)
    AccessRequest.objects.bulk_create(
        AccessRequest(
            organization=organization,
            membership=asker,
            user_id=asker.user_id,
            product_id=product.pk,
            level="view",
            status=RequestStatus.REFUSED,
            created_at=AT,
        )
        for _ in range(number)
    )


@pytest.mark.parametrize(
    ("add", "page"),
    [
        (add_teams, "teams/?q=team"),
        (add_events, "activity/?q=renamed"),
        (add_requests, "access/requests/?status=all"),
    ],
    ids=["teams", "audit", "requests"],
)
def test_takes_the_same_queries_for_3_and_10_000_rows(
    add: Callable[[Organization, int], None], page: str, query_count
) -> None:
    """UI-2: also filtered."""
    organization = make_tenant()
    client = client_of(first_representative(organization).user)
    counts = []
    for number in LENGTHS:
        with tenant_scope(organization.pk):
            add(organization, number)
        client.get(f"/o/{organization.pk}/{page}")
        with query_count() as seen:
            shown = client.get(f"/o/{organization.pk}/{page}")
        assert shown.status_code == 200
        assert len(shown.context["page"].rows) >= LENGTHS[0]
        counts.append(seen.count)
    assert counts[0] == counts[1]


def test_the_access_card_leads_to_a_search_among_everybody() -> None:
    """ORG-13: of many who reach a product 50 are named; each is found by name."""
    organization = make_tenant()
    product = make_product(organization)
    client = client_of(first_representative(organization).user)
    for number in range(51):
        member = make_member(organization, Role.EXTERNAL, name=f"Person Number{number:02}")
        give(organization, member, Target(product_id=product.pk))
    page = client.get(f"/o/{organization.pk}/products/{product.pk}/").content.decode()
    why = f"/o/{organization.pk}/access/why/?product={product.pk}"
    assert f'href="{why}"' in page
    assert "Number50" not in page
    found = client.get(f"{why}&who=number50").content.decode()
    assert "Person Number50" in found
    assert "Number49" not in found
    assert "than are listed here" not in found
