"""Steps two and three together: call the provider for an attempt that is ours, and record what it says."""

import logging
from datetime import datetime

from billing.gateway.errors import GatewayMisconfigured, GatewayRefused, GatewayUnavailable, MeansNotFound
from billing.gateway.registry import gateway_for
from billing.gateway.vocabulary import ChargeResult, ChargeState, Failure, FailureKind, Means
from billing.payments.errors import AmountNotTaken
from billing.payments.models import PaymentAttempt
from billing.payments.services.call import call_provider
from billing.payments.services.settle import settle_attempt
from manager.kit.actor import Actor
from manager.kit.points import reach

logger = logging.getLogger(__name__)

WRONG_AMOUNT = frozenset({"amount_too_small", "amount_too_large"})
LOST = ChargeResult(state=ChargeState.UNKNOWN, trouble="no_answer")


def send(*, attempt: PaymentAttempt, actor: Actor, at: datetime) -> PaymentAttempt:
    """Make the attempt's call and record the answer.

    :raises GatewayUnavailable: a page could not be opened; the attempt is asked about later.
    :raises GatewayMisconfigured: our key is not accepted; the attempt stays open for the janitor.
    :raises AmountNotTaken: the provider takes no such sum; the attempt is closed.
    :raises GatewayRefused: what we sent is wrong; the attempt is closed.
    """
    reach("charge.recorded", attempt.organization_id)
    try:
        result = call_provider(attempt)
    except (GatewayUnavailable, GatewayMisconfigured):
        record(attempt=attempt, result=LOST, actor=actor, at=at)
        raise
    except GatewayRefused as error:
        record(attempt=attempt, result=refused(error), actor=actor, at=at)
        if error.context.get("provider_code") in WRONG_AMOUNT:
            raise AmountNotTaken from error
        raise
    return record(attempt=attempt, result=result, actor=actor, at=at)


def refused(error: GatewayRefused) -> ChargeResult:
    """Return the result of a call that the provider did not take: nothing was charged by it."""
    code = str(error.context.get("provider_code") or "refused")
    return ChargeResult(
        state=ChargeState.FAILED, failure=Failure(kind=FailureKind.SOFT, code=code, message_key="declined")
    )


def record(*, attempt: PaymentAttempt, result: ChargeResult, actor: Actor, at: datetime) -> PaymentAttempt:
    """Commit a result; a paid one with the description of the means that the person wants to keep."""
    means = describe_means_of(attempt, result)
    return settle_attempt(attempt=attempt, result=result, actor=actor, at=at, means=means)


def describe_means_of(attempt: PaymentAttempt, result: ChargeResult) -> Means | None:
    """Return the means to be saved, if the provider tells it; the janitor makes up for a lost answer."""
    wanted = attempt.saves_means and attempt.method_id is None and result.means_reference
    if result.state is not ChargeState.SUCCEEDED or not wanted:
        return None
    try:
        return gateway_for(attempt.gateway).describe_means(means_reference=result.means_reference)
    except (GatewayUnavailable, GatewayMisconfigured, GatewayRefused, MeansNotFound):
        logger.warning("The means of attempt %s could not be read; it is saved later.", attempt.pk)
        return None
