"""Choose which administrative mails a member gets."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from manager.kit.actor import Actor
from manager.kit.errors import DomainError
from manager.kit.scope import tenant_scope
from organizations.access.locks import lock_members
from organizations.audit.services import record_audit
from organizations.members.models import Membership
from organizations.members.rules import check_role_givable
from organizations.members.selectors import get_member
from organizations.members.topics import NEEDS_BILLING, Topic


class TopicUnknown(DomainError):
    """There is no such kind of mail."""

    code = "topic_unknown"
    status = 422
    field = "topics"
    message = _("Please choose from the list.")


class TopicNeedsBilling(DomainError):
    """The mail tells amounts, and the member has no billing right."""

    code = "topic_needs_billing"
    status = 409
    field = "topics"
    message = _("Mails about invoices and renewals go to members with billing rights only.")


def choose_topics(
    *,
    organization_id: int,
    membership_id: int,
    topics: Collection[str],
    changer: Membership,
    actor: Actor,
    at: datetime,
) -> Membership:
    """Set which administrative mails a member gets (ORG-11); everybody may do so for himself or herself.

    :raises NotFound: no such member in this organization.
    :raises RoleNotGivable: the member's role is above the changer.
    :raises TopicUnknown: there is no such kind of mail.
    :raises TopicNeedsBilling: it tells amounts, and the member has no billing right.
    """
    if not set(topics) <= set(Topic.values):
        raise TopicUnknown
    with tenant_scope(organization_id), transaction.atomic():
        lock_members(organization_id=organization_id)
        member = get_member(organization_id=organization_id, membership_id=membership_id)
        if member.pk != changer.pk:
            # As it is now: the changer's own role may have changed while this one waited.
            giver = get_member(organization_id=organization_id, membership_id=changer.pk)
            check_role_givable(giver=giver, roles={member.role})
        if not member.has_billing and set(topics) & NEEDS_BILLING:
            raise TopicNeedsBilling
        after = sorted(set(topics))
        if member.topics == after:
            return member
        before, member.topics = member.topics, after
        member.save(update_fields=["topics"])
        record_audit(
            organization_id=organization_id,
            name="membership.topics_chosen",
            actor=actor,
            at=at,
            subject=member.user,
            before=before,
            after=after,
        )
    return member
