"""Held orders without an answer end after ten days (PRD-5)."""

import logging
from datetime import datetime

from accounts.identity.models import IdentityCase
from accounts.identity.status import CaseStatus
from billing.holds.models import OrderHold
from billing.holds.services import refuse_hold
from billing.holds.services.decide import HoldDecided
from billing.holds.status import Decision, HoldStatus
from manager.kit.actor import Actor
from manager.kit.scope import tenant_scope

logger = logging.getLogger(__name__)

ACTOR = Actor.system("holds")


def drain_holds(*, at: datetime) -> int:
    """Cancel and refund what nobody answered in time; return how many. Any number may run at once.

    Who has sent the documents has answered: such an order waits for staff.
    """
    due = OrderHold.objects.using("system").filter(status=HoldStatus.HELD, answer_by__lte=at)
    rows = list(due.order_by("answer_by", "pk").values_list("pk", "organization_id", "case_id"))
    answered = set(
        IdentityCase.objects.filter(
            pk__in=[case for _pk, _owner, case in rows if case], status=CaseStatus.SUBMITTED
        ).values_list("pk", flat=True)
    )
    return sum(_end(pk, owner, at) for pk, owner, case in rows if case not in answered)


def _end(pk: int, owner: int, at: datetime) -> bool:
    try:
        with tenant_scope(owner):
            hold = OrderHold.objects.get(organization_id=owner, pk=pk)
            refuse_hold(hold=hold, decision=Decision.NO_ANSWER, actor=ACTOR, at=at)
    except HoldDecided:  # by somebody else, this very moment
        return False
    except Exception:  # one order must not stop the others
        logger.exception("The hold %s could not be ended.", pk)
        return False
    return True
