"""The engine's drain: take back what is not wanted any more, plan what falls due, charge it (BIL-11)."""

import logging
from datetime import datetime

from billing.engine.finding import find_blocked
from billing.engine.services import ACTOR, plan_due
from billing.renewals.charging import drain_charges
from billing.renewals.periodic import take_back_gone
from billing.renewals.services.release import release_blocking_drafts
from manager.kit.scope import tenant_scope
from organizations.profile.models import Organization

logger = logging.getLogger(__name__)


def drain_renewals(*, at: datetime) -> int:
    """Plan and charge all renewals due at `at`; return how many invoices were planned or charged (BIL-11)."""
    return take_back_gone(at=at) + drain_planning(at=at) + drain_charges(at=at)


def drain_planning(*, at: datetime) -> int:
    """Free due products from unpaid selections and plan all that is due; return how many drafts were made."""
    for organization_id in find_blocked(at=at):
        try:
            with tenant_scope(organization_id):
                organization = Organization.objects.get(pk=organization_id)
                release_blocking_drafts(organization=organization, actor=ACTOR, at=at)
        except Exception:  # one organization must not stop the others
            logger.exception("The selections of organization %s could not be released.", organization_id)
    return plan_due(at=at)
