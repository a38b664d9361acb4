"""Give the operator's support access."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from manager.kit.actor import Actor
from manager.kit.errors import DomainError
from manager.kit.scope import tenant_scope
from manager.outbox.publish import publish
from organizations.access.locks import lock_members
from organizations.audit.services import record_audit
from organizations.support.models import SupportGrant
from organizations.support.services.end import expire_support

LASTS = timedelta(days=7)


class SupportAlreadyOpen(DomainError):
    """Support access to this kind of content is given already."""

    code = "support_already_open"
    status = 409
    message = _("Support access to this is open already.")


def give_support_access(
    *, organization_id: int, kind: str, reason: str = "", user_id: int, actor: Actor, at: datetime
) -> SupportGrant:
    """Give support access to one kind of content for seven days (ORG-15); publishes `support_access.given`.

    `user_id` is the member who gives it, and in whose name support then acts.

    :raises SupportAlreadyOpen: it is given already.
    """
    with tenant_scope(organization_id), transaction.atomic():
        lock_members(organization_id=organization_id)
        open_ones = SupportGrant.objects.select_for_update(of=("self",))
        former = open_ones.filter(organization_id=organization_id, kind=kind, ended_at=None).first()
        if former is not None:
            if former.is_live(at):
                raise SupportAlreadyOpen
            # Over, but not written down yet.
            expire_support(former, at)
        grant = SupportGrant.objects.create(
            organization_id=organization_id,
            kind=kind,
            reason=reason,
            given_by_id=user_id,
            starts_at=at,
            ends_at=at + LASTS,
        )
        record_audit(
            organization_id=organization_id,
            name="support_access.given",
            actor=actor,
            at=at,
            subject=grant,
            kind=kind,
            reason=reason,
            until=(at + LASTS).isoformat(),
        )
        publish("support_access.given", organization_id=organization_id, payload={"grant": grant.pk}, at=at)
    return grant
