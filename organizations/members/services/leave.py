"""Leave an organization."""

from datetime import datetime

from django.db import transaction

from manager.kit.actor import Actor
from manager.kit.scope import tenant_scope
from organizations.access.locks import lock_members
from organizations.members.models import Membership
from organizations.members.rules import keep_one_representative
from organizations.members.selectors import get_member
from organizations.members.services.remove import end_membership
from organizations.summaries.services import note_representatives


def leave_organization(*, membership: Membership, actor: Actor, at: datetime) -> None:
    """End the person's own membership (ORG-2).

    :raises NotFound: the person is no member any more.
    :raises LastRepresentative: the person is the only legal representative, or the last member.
    """
    organization_id = membership.organization_id
    with tenant_scope(organization_id), transaction.atomic():
        lock_members(organization_id=organization_id)
        own = get_member(organization_id=organization_id, membership_id=membership.pk)
        keep_one_representative(organization_id=organization_id, without={own.pk})
        end_membership(membership=own, actor=actor, at=at)
        note_representatives(organization_id=organization_id)
