"""Seal what was written to the audit logs since the last run."""

from datetime import datetime

from organizations.audit.chain import seal_events
from organizations.audit.models import AuditSeal

ORGANIZATIONS_AT_ONCE = 500


def drain_audit_seals(*, at: datetime) -> int:
    """Seal the events that wait, organization by organization; return how many (ORG-16)."""
    waiting = AuditSeal.objects.using("system").filter(position=None).order_by("organization_id")
    owners = waiting.values_list("organization_id", flat=True).distinct()[:ORGANIZATIONS_AT_ONCE]
    return sum(seal_events(organization_id=owner, at=at) for owner in list(owners))
