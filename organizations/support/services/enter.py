"""Enter an organization on purpose as the operator's support, and leave it again."""

from datetime import datetime

from django.db import transaction

from manager.kit.actor import Actor
from manager.kit.errors import NotFound
from manager.kit.scope import tenant_scope
from organizations.access.timebox import live
from organizations.audit.services import record_audit
from organizations.profile.models import Organization
from organizations.support.models import SupportGrant
from organizations.support.services.journal import acting_for


def enter_support(*, organization_id: int, reason: str, actor: Actor, at: datetime) -> list[SupportGrant]:
    """Note in the customer's audit log who enters, and why; return the grants by which it is (ORG-15).

    :raises NotFound: the organization gives no support access now.
    """
    with tenant_scope(organization_id), transaction.atomic():
        rows = SupportGrant.objects.select_for_update(of=("self",)).select_related("given_by")
        grants = list(rows.filter(live(at), organization_id=organization_id).order_by("id"))
        if not grants:
            raise NotFound
        record_audit(
            organization_id=organization_id,
            name="support_access.entered",
            actor=acting_for(actor, grants),
            at=at,
            subject=Organization.objects.get(pk=organization_id),
            reason=reason,
            kinds=[grant.kind for grant in grants],
        )
    return grants


def leave_support(*, organization_id: int, actor: Actor, at: datetime) -> None:
    """Note in the customer's audit log that support has left."""
    with tenant_scope(organization_id), transaction.atomic():
        organization = Organization.objects.get(pk=organization_id)
        record_audit(
            organization_id=organization_id,
            name="support_access.left",
            actor=actor,
            at=at,
            subject=organization,
        )
