"""Plan what falls due, batch by batch; one bad row never stops the others (BIL-11, BIL-16)."""

import logging
from collections import Counter
from collections.abc import Collection, Sequence
from datetime import datetime

from django.db import connections, transaction

from billing.engine.drafts import MOST_TOGETHER, Drafts, make_drafts
from billing.engine.finding import SYSTEM, find_batches
from billing.engine.known import RENEWED_AFTER, Known
from billing.engine.load import Place, claim, load
from billing.engine.parts import Outcome, Storing
from billing.invoices.models import Invoice
from billing.runs.models import QuarantineKind, RunKind
from billing.runs.services import Failure, Recording, note_failures, recording
from manager.kit.actor import Actor
from manager.kit.database.groups import is_nobodys_fault
from manager.kit.nudge import nudge
from manager.kit.points import reach
from organizations.profile.models import Organization

logger = logging.getLogger(__name__)

ACTOR = Actor.system("renewals")
BATCH = 2000

SET_UP = (
    "SELECT set_config('idle_in_transaction_session_timeout', %s, true),"
    " set_config('random_page_cost', '1.1', true)"
)
"""For a batch's transaction. What it reads, and each key that its rows refer to, is looked up by an index,
also in tables so small that one row is found as soon by reading them: it asks for thousands."""

MOST_IDLE = "50s"
"""So long a worker may leave its batch alone: then the database ends it, and its organizations are free."""


def plan_due(*, at: datetime, batch: int = BATCH) -> int:
    """Plan all renewals of all organizations that fall due by `at`; return how many invoices were drafted.

    A product is due 14 days before its expiry, by the organization's calendar. A transaction plans about
    `batch` products of many organizations; any number of workers do so side by side, as each leaves alone
    what another one has taken. A product that fails is noted, and in quarantine after its third time.
    """
    planned, known = 0, Known()
    with recording(kind=RunKind.PLANNING, at=at) as run:
        for number, organizations in enumerate(find_batches(at=at, batch=batch), start=1):
            if number % RENEWED_AFTER == 0:
                known = Known()
            planned += _plan_all(organizations, known, run, at)
    if planned:
        nudge("outbox")
    return planned


def _plan_all(organizations: Sequence[int], known: Known, run: Recording, at: datetime) -> int:
    """Plan a batch; one organization that fails does not stop the others."""
    try:
        return _plan_through(organizations, known, run, at)
    except Exception as error:
        if is_nobodys_fault(error):  # a lock, or the connection: the next run tries again
            logger.exception("%s organizations could not be planned now.", len(organizations))
            return 0
        if len(organizations) == 1:
            logger.exception("The renewals of organization %s could not be planned.", organizations[0])
            run.count(failed=1, reasons={type(error).__name__: 1})
            return 0
        middle = len(organizations) // 2
        parts = (organizations[:middle], organizations[middle:])
        return sum(_plan_all(part, known, run, at) for part in parts)


def _plan_through(organizations: Collection[int], known: Known, run: Recording, at: datetime) -> int:
    """Plan a batch; an organization with very many products in several transactions, one after the other."""
    planned, after = 0, None
    while True:
        outcome = plan_batch(organizations, known=known, actor=ACTOR, at=at, after=after)
        planned += len(outcome.stored)
        reach("planning.batch")
        _report(outcome, run, at)
        after = outcome.last
        if after is None:
            return planned


def plan_renewals(*, organization: Organization, actor: Actor, at: datetime) -> list[Invoice]:
    """Plan what of one organization falls due by `at`; return its new drafts. The same path as `plan_due`.

    Waits where another planner is at work in it.
    """
    drafts: list[Invoice] = []
    known, after = Known(), None
    while True:
        outcome = plan_batch([organization.pk], known=known, actor=actor, at=at, wait=True, after=after)
        _note_failures(outcome, at)
        drafts += [draft.invoice for draft in outcome.stored]
        after = outcome.last
        if after is None:
            break
    if drafts:
        nudge("outbox")
    return drafts


def plan_batch(
    organizations: Collection[int],
    *,
    known: Known,
    actor: Actor,
    at: datetime,
    wait: bool = False,
    after: Place | None = None,
) -> Outcome:
    """Write the renewals of these organizations with their draft invoices, in one transaction.

    What is planned already, or stands on another invoice, is left alone; the row locks on the organizations
    and the exclusion constraints on (product, days) make it safe to plan from any number of workers.
    """
    with transaction.atomic(using=SYSTEM):
        with connections[SYSTEM].cursor() as cursor:
            cursor.execute(SET_UP, [MOST_IDLE])
        batch = load(claim(organizations, wait=wait), at=at, most=MOST_TOGETHER, after=after)
        drafts = make_drafts(batch, known) if batch.products else Drafts()
        outcome = Outcome(failed=drafts.failed, last=batch.last)
        if drafts.made:
            Storing(batch, known, actor, outcome).store(drafts.made)
    return outcome


def _report(outcome: Outcome, run: Recording, at: datetime) -> None:
    _note_failures(outcome, at)
    money: Counter[str] = Counter()
    for draft in outcome.stored:
        money[draft.invoice.currency] += draft.invoice.total_amount
    run.count(
        planned=sum(len(draft.products) for draft in outcome.stored),
        failed=len(outcome.failed),
        skipped=sum(len(draft.products) for draft in outcome.skipped),
        money=money,
        reasons=Counter(type(error).__name__ for _product, error in outcome.failed),
    )


def _note_failures(outcome: Outcome, at: datetime) -> None:
    """Note each product that failed, after the batch is committed; the third time it is left out."""
    for product, error in outcome.failed:
        logger.warning("The renewal of product %s could not be planned: %s", product.pk, error)
    failures = [Failure(product.pk, product.organization_id, error) for product, error in outcome.failed]
    note_failures(kind=QuarantineKind.PLAN, failures=failures, at=at)
