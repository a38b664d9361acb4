"""The ends of a wish at which nothing is terminated: withdrawn, not confirmed in time."""

from datetime import datetime

from django.db import transaction

from manager.kit.actor import Actor
from manager.kit.status import transition
from manager.outbox.publish import publish
from organizations.audit.services import record_audit
from products.termination.models import TerminatedProduct, Termination
from products.termination.status import TRANSITIONS, TerminationStatus


def withdraw_termination(*, termination: Termination, actor: Actor, at: datetime) -> Termination:
    """Take a wish back before it is confirmed, so that its link does nothing any more.

    :raises IllegalTransition: it does not wait any more.
    """
    return _end(termination, TerminationStatus.WITHDRAWN, actor, at)


def expire_termination(*, termination: Termination, actor: Actor, at: datetime) -> Termination:
    """End a wish that nobody confirmed in time; the products run on.

    :raises IllegalTransition: it does not wait any more.
    """
    return _end(termination, TerminationStatus.EXPIRED, actor, at)


@transaction.atomic
def _end(termination: Termination, status: str, actor: Actor, at: datetime) -> Termination:
    wish = Termination.objects.select_for_update().get(
        organization_id=termination.organization_id, pk=termination.pk
    )
    transition(wish, status, TRANSITIONS)
    wish.answered_at = at
    wish.save(update_fields=["status", "answered_at"])
    TerminatedProduct.objects.filter(organization_id=wish.organization_id, termination=wish).update(
        is_open=False
    )
    event = f"termination.{status}"
    record_audit(organization_id=wish.organization_id, name=event, actor=actor, at=at, subject=wish)
    publish(event, organization_id=wish.organization_id, payload={"termination": wish.pk}, at=at)
    return wish
