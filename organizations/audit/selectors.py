"""Read the audit log."""

from datetime import date

from django.db.models import QuerySet

from manager.kit.clock import end_of_day, start_of_day
from organizations.audit.models import AuditEvent
from organizations.audit.search import shows, words_of
from organizations.profile.models import Organization

MOST_EXPORTED = 20_000


def list_audit(
    *,
    organization: Organization,
    name: str = "",
    actor_id: int | None = None,
    since: date | None = None,
    until: date | None = None,
    search: str = "",
) -> QuerySet[AuditEvent]:
    """Return the organization's events; the days count in its time zone, both included (ORG-16).

    Each word of `search` stands in what is kept of an event, or in what the active language shows for it.
    """
    events = AuditEvent.objects.filter(organization_id=organization.pk)
    if name:
        events = events.filter(name=name)
    if actor_id is not None:
        events = events.filter(actor_id=actor_id)
    if since is not None:
        events = events.filter(at__gte=start_of_day(since, organization.time_zone))
    if until is not None:
        events = events.filter(at__lt=end_of_day(until, organization.time_zone))
    for word in words_of(search):
        events = events.filter(shows(word, organization=organization))
    return events


def list_for_export(events: QuerySet[AuditEvent]) -> list[AuditEvent]:
    """Return the newest 20,000 of `events` with their seals, newest first."""
    return list(events.select_related("seal").order_by("-id")[:MOST_EXPORTED])


def get_audit_event(*, organization: Organization, event_id: int) -> AuditEvent:
    """Return one event with its seal.

    :raises AuditEvent.DoesNotExist: the organization has no such event.
    """
    return AuditEvent.objects.select_related("seal").get(organization_id=organization.pk, pk=event_id)


def list_event_names(*, organization: Organization) -> list[str]:
    """Return the names of events that the organization has, for the filter."""
    events = AuditEvent.objects.filter(organization_id=organization.pk)
    return sorted(events.order_by().values_list("name", flat=True).distinct())


def list_actors(*, organization: Organization) -> list[tuple[int, str]]:
    """Return the people who did something, by id and name, for the filter."""
    events = AuditEvent.objects.filter(organization_id=organization.pk, actor_id__isnull=False)
    people = {
        pk: name for pk, name in events.order_by().values_list("actor_id", "actor_name").distinct() if pk
    }
    return sorted(people.items(), key=lambda person: person[1])
