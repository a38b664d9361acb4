"""Take back what was accepted and not paid on its day; forget quotes that nobody accepted."""

import logging
from datetime import datetime, timedelta

from billing.changes.models import ChangeQuote
from billing.changes.services import withdraw_change
from billing.changes.status import ChangeStatus
from manager.kit.actor import Actor
from manager.kit.clock import day_in
from manager.kit.errors import DomainError
from manager.kit.scope import tenant_scope

logger = logging.getLogger(__name__)

ACTOR = Actor.system("changes")
AT_LEAST = timedelta(hours=1)
"""So long a person who accepts late in the evening has to pay."""
KEPT = timedelta(days=7)
BATCH = 500


def drain_changes(*, at: datetime) -> int:
    """Take back changes whose day is over, as they were computed for it; return how many.

    One that is being paid at this moment is left to its payment. Quotes are deleted after a week.
    """
    return _withdraw_unpaid(at) + _forget_quotes(at)


def _withdraw_unpaid(at: datetime) -> int:
    waiting = ChangeQuote.objects.using("system").filter(
        status=ChangeStatus.ACCEPTED, accepted_at__lte=at - AT_LEAST, on__lte=at.date()
    )
    done = 0
    rows = waiting.values_list("pk", "organization_id", "on", "organization__time_zone").order_by("pk")
    for change_id, organization_id, on, zone in rows[:BATCH]:
        if on < day_in(zone, at):
            done += _withdraw(change_id, organization_id, at)
    return done


def _withdraw(change_id: int, organization_id: int, at: datetime) -> int:
    with tenant_scope(organization_id):
        change = ChangeQuote.objects.select_related("invoice", "product").get(
            pk=change_id, organization_id=organization_id
        )
        try:
            withdraw_change(change=change, actor=ACTOR, at=at)
        except DomainError as error:  # it is being paid at this moment, or was
            logger.info("The change %s stays for now: %s", change_id, error)
            return 0
        except Exception:  # one change must not stop the others
            logger.exception("The change %s could not be taken back.", change_id)
            return 0
    return 1


def _forget_quotes(at: datetime) -> int:
    old = ChangeQuote.objects.using("system").filter(status=ChangeStatus.QUOTED, valid_until__lte=at - KEPT)
    forgotten, _by_model = old.filter(pk__in=list(old.values_list("pk", flat=True)[:BATCH])).delete()
    return forgotten
