"""Ask the provider what became of an attempt: the return page, its messages and the janitor come here."""

from datetime import datetime

from billing.gateway.errors import GatewayMisconfigured, GatewayRefused, GatewayUnavailable
from billing.payments.models import PaymentAttempt, Way
from billing.payments.services.begin import take
from billing.payments.services.call import ask_provider
from billing.payments.services.send import LOST, record, refused
from billing.payments.status import AttemptStatus
from manager.kit.actor import Actor


def refresh_attempt(*, attempt: PaymentAttempt, actor: Actor, at: datetime) -> PaymentAttempt:
    """Return the attempt as the provider knows it now, with all consequences recorded (BIL-16).

    While somebody else is calling for it, nothing is asked: that one records what comes. A closed attempt is
    looked at as well, as its money may have arrived after all.

    :raises GatewayUnavailable: a page that the provider never saw could not be opened.
    :raises GatewayMisconfigured: our key is not accepted.
    """
    present = (
        PaymentAttempt.objects.select_related("method", "organization")
        .filter(organization_id=attempt.organization_id)
        .get(pk=attempt.pk)
    )
    if present.status == AttemptStatus.SUCCEEDED or present.way == Way.PREPAID or present.is_leased(at):
        return present
    return look(taken=take(attempt=present, at=at), actor=actor, at=at)


def look(*, taken: PaymentAttempt, actor: Actor, at: datetime) -> PaymentAttempt:
    """Ask about an attempt that is leased to the caller, and record the answer under its fence."""
    try:
        result = ask_provider(taken, at)
    except GatewayRefused as error:
        if taken.reference:
            raise
        result = refused(error)
    except (GatewayUnavailable, GatewayMisconfigured):
        record(attempt=taken, result=LOST, actor=actor, at=at)
        raise
    return record(attempt=taken, result=result, actor=actor, at=at)
