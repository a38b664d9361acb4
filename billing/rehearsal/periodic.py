"""Rehearse each night, organization by organization."""

import logging
from collections import Counter
from datetime import date, datetime, timedelta

from django.db.models import Exists, OuterRef, Q

from billing.rehearsal.compute import AHEAD
from billing.rehearsal.models import Finding, RehearsalRound, RehearsedOrganization
from billing.rehearsal.services import rehearse
from billing.renewals.rules import FIRST_CHARGE_DAYS
from billing.runs.models import RunKind
from billing.runs.services import recording
from manager.kit.scope import tenant_scope
from organizations.profile.models import Organization
from products.inventory.models import Product
from products.inventory.status import RENEWABLE

logger = logging.getLogger(__name__)

BATCH = 100
AT_ONCE = 5_000
"""So many organizations are rehearsed in one call, so that other work has its turn in between."""

# Zones are up to 14 hours ahead of UTC.
ZONES = timedelta(days=1)


def drain_rehearsal(*, at: datetime) -> int:
    """Rehearse everybody's coming charges once each UTC day; return how many organizations it were.

    Any number at once: each organization is locked for its own. One that fails does not stop the others.
    """
    day = at.date()
    latest = RehearsalRound.objects.filter(pk=1).first()
    if latest is not None and latest.day >= day:
        return 0
    waiting = _find_waiting(day)
    done = 0
    with recording(kind=RunKind.REHEARSAL, at=at, total=len(waiting)) as run:
        for start in range(0, len(waiting), BATCH):
            reasons = Counter[str]()
            results = [_rehearse(pk, at, reasons) for pk in waiting[start : start + BATCH]]
            checked = sum(result is not None and result >= 0 for result in results)
            run.count(
                checked=checked,
                failed=results.count(-1),
                skipped=results.count(None),
                reasons=dict(reasons),
            )
            done += checked
    if len(waiting) < AT_ONCE:
        RehearsalRound.objects.update_or_create(pk=1, defaults={"day": day})
    return done


def _find_waiting(day: date) -> list[int]:
    """Return the organizations with something to charge in the time, or with findings, not rehearsed yet."""
    until = day + AHEAD + timedelta(days=FIRST_CHARGE_DAYS) + ZONES
    due = Product.objects.using("system").filter(
        organization=OuterRef("pk"), status__in=RENEWABLE, expires_on__lte=until
    )
    known = Finding.objects.using("system").filter(organization=OuterRef("pk"))
    rehearsed = RehearsedOrganization.objects.using("system").filter(organization=OuterRef("pk"), on__gte=day)
    found = Organization.objects.using("system").filter(
        Q(Exists(due)) | Q(Exists(known)), ~Exists(rehearsed), deleted_at=None
    )
    return list(found.order_by("pk").values_list("pk", flat=True)[:AT_ONCE])


def _rehearse(organization_id: int, at: datetime, reasons: Counter[str]) -> int | None:
    """Return how many findings there are, None where another worker was quicker, -1 where it failed.

    What it failed for is counted in `reasons`.
    """
    try:
        with tenant_scope(organization_id):
            organization = Organization.objects.get(pk=organization_id)
            return rehearse(organization=organization, at=at, nightly=True)
    except Exception as error:  # one organization must not stop the others
        reasons[type(error).__name__] += 1
        logger.exception("Organization %s could not be rehearsed.", organization_id)
        return -1
