"""Support access for tests, made by its verbs, and staff who have entered."""

from collections.abc import Iterable
from datetime import datetime

from django.test import Client
from django.urls import reverse

from organizations.profile.models import Organization
from organizations.support.models import SupportGrant
from organizations.support.rights import SUPPORT_ACCESS
from organizations.support.services import give_support_access
from tests.factories.identity import make_staff, staff_client
from tests.factories.members import actor_of, first_representative
from tests.factories.people import present


def open_support(
    organization: Organization, kinds: Iterable[str], *, reason: str = "", at: datetime | None = None
) -> list[SupportGrant]:
    """Give support access to these kinds, in the name of a legal representative."""
    giver = first_representative(organization).user
    return [
        give_support_access(
            organization_id=organization.pk,
            kind=kind,
            reason=reason,
            user_id=giver.pk,
            actor=actor_of(giver),
            at=at or present(),
        )
        for kind in kinds
    ]


def support_staff() -> Client:
    """Return the browser of a member of the staff with the right, who has entered nowhere."""
    return staff_client(make_staff(SUPPORT_ACCESS))


def enter(client: Client, organization: Organization, *, reason: str = "The customer asked") -> None:
    """Enter the organization on purpose."""
    answer = client.post(
        reverse("organizations:staff_support_enter", args=[organization.pk]), {"reason": reason}
    )
    assert answer.status_code == 302, answer.content


def support_client(organization: Organization, kinds: Iterable[str]) -> Client:
    """Return the browser of a member of the staff who works in the organization by support access."""
    open_support(organization, kinds)
    client = support_staff()
    enter(client, organization)
    return client
