"""Questions about support access."""

from datetime import datetime

from django.db.models import F, Max, QuerySet, Subquery

from manager.kit.keyset import SortKey
from organizations.access.timebox import live
from organizations.audit.models import AuditEvent
from organizations.profile.models import Organization
from organizations.support.models import SupportGrant
from organizations.support.services.journal import USED

BY_NAME = SortKey(F("name"), lambda row: str(row.name))
USES = (USED, "support_access.entered", "support_access.left")


def list_open_access(*, organization_id: int, at: datetime) -> list[SupportGrant]:
    """Return the support access that lives at `at`, by kind."""
    rows = SupportGrant.objects.filter(live(at), organization_id=organization_id)
    return list(rows.select_related("given_by").order_by("kind"))


def list_support_access(*, organization_id: int) -> QuerySet[SupportGrant]:
    """Return all support access that was ever given, also what lives."""
    rows = SupportGrant.objects.filter(organization_id=organization_id)
    return rows.select_related("given_by", "ended_by")


def list_past_access(*, organization_id: int, at: datetime) -> QuerySet[SupportGrant]:
    """Return the support access that is over at `at`."""
    return list_support_access(organization_id=organization_id).exclude(live(at))


def list_uses(*, organization_id: int, limit: int) -> list[AuditEvent]:
    """Return the latest of what support did here, newest first: each is in the audit log."""
    events = AuditEvent.objects.filter(organization_id=organization_id, name__in=USES)
    return list(events.order_by("-id")[:limit])


def find_open_until(*, organization_id: int, at: datetime) -> datetime | None:
    """Return when the last support access that lives at `at` ends, or None where none does."""
    rows = SupportGrant.objects.filter(live(at), organization_id=organization_id)
    found: datetime | None = rows.aggregate(latest=Max("ends_at"))["latest"]
    return found


def last_open(*, organization_id: int, at: datetime) -> Subquery:
    """Return the same as `find_open_until` as a part of another query."""
    rows = SupportGrant.objects.filter(live(at), organization_id=organization_id)
    return Subquery(rows.order_by(F("ends_at").desc(nulls_last=True)).values("ends_at")[:1])


def list_supported(*, at: datetime, search: str = "", kind: str = "") -> QuerySet[Organization]:
    """Return, across all, the organizations that give support access at `at`.

    For the operator's staff; by a part of the name and by a kind of content.
    """
    live_rows = SupportGrant.objects.using("system").filter(live(at))
    wanted = live_rows.filter(kind=kind) if kind else live_rows
    organizations = Organization.objects.using("system").filter(pk__in=wanted.values("organization_id"))
    if search:
        organizations = organizations.filter(name__icontains=search)
    return organizations


def with_open_access(
    organizations: list[Organization], *, at: datetime
) -> list[tuple[Organization, list[SupportGrant]]]:
    """Return organizations with what each gives now; one query for all."""
    rows = (
        SupportGrant.objects.using("system")
        .select_related("given_by")
        .filter(live(at), organization_id__in=[organization.pk for organization in organizations])
    )
    by_owner: dict[int, list[SupportGrant]] = {}
    for grant in rows.order_by("kind"):
        by_owner.setdefault(grant.organization_id, []).append(grant)
    return [(organization, by_owner.get(organization.pk, [])) for organization in organizations]
