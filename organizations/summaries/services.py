"""Keep ready what the switcher tells."""

from collections.abc import Mapping
from datetime import date

from django.db.models import Count, Q

from organizations.access.roles import Role
from organizations.members.models import Membership
from organizations.profile.models import Organization
from organizations.summaries.models import OrganizationSummary


def note_representatives(*, organization_id: int) -> None:
    """Store how many legal representatives there are; in the transaction that changed them (ORG-2)."""
    count = Membership.objects.filter(organization_id=organization_id, role=Role.LEGAL_REPRESENTATIVE).count()
    OrganizationSummary.objects.update_or_create(
        organization_id=organization_id, defaults={"representatives": count}
    )


def write_alerts(*, organization_id: int, unpaid: int, held: int, expiring: int, on: date) -> None:
    """Store what needs attention in an organization, as counted on the day `on` (ORG-1)."""
    OrganizationSummary.objects.update_or_create(
        organization_id=organization_id,
        defaults={"unpaid": unpaid, "held": held, "expiring": expiring, "counted_on": on},
    )


def find_not_counted_on(*, day: date, limit: int) -> list[int]:
    """Return the ids of organizations whose numbers are of another day; sees all of them (periodic work)."""
    counted = OrganizationSummary.objects.using("system").filter(counted_on=day)
    missing = Organization.objects.using("system").exclude(pk__in=counted.values("organization_id"))
    return list(missing.order_by("pk").values_list("pk", flat=True)[:limit])


def write_counted(*, counts: Mapping[int, tuple[int, int, int]], on: date) -> None:
    """Store (unpaid, held, expiring) of many organizations in one statement (periodic work)."""
    leading = Membership.objects.using("system").filter(organization_id__in=counts.keys())
    representatives = dict(
        leading.order_by()
        .values_list("organization_id")
        .annotate(count=Count("pk", filter=Q(role=Role.LEGAL_REPRESENTATIVE)))
    )
    OrganizationSummary.objects.using("system").bulk_create(
        [
            OrganizationSummary(
                organization_id=pk,
                unpaid=unpaid,
                held=held,
                expiring=expiring,
                representatives=representatives.get(pk, 0),
                counted_on=on,
            )
            for pk, (unpaid, held, expiring) in counts.items()
        ],
        update_conflicts=True,
        unique_fields=["organization"],
        update_fields=["unpaid", "held", "expiring", "representatives", "counted_on"],
    )
