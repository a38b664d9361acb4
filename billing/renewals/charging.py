"""The queue of charges: due renewal invoices, each a small unit, several in flight at once (BIL-11, BIL-16).

A unit is claimed by a lease on its row, so that any number of workers charge side by side and what a killed
one left is taken over within two minutes. How fast the provider is called is decided at the call itself
(`billing.payments.pace`). No transaction is open while a provider is called.
"""

import logging
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from time import monotonic

from django.conf import settings
from django.db import InterfaceError, OperationalError, connections
from django.db.models import DateField, Exists, F, Func, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Cast

from billing.gateway.errors import GatewayMisconfigured, GatewayUnavailable
from billing.invoices.models import Invoice
from billing.invoices.status import PAYABLE
from billing.payments.models import PaymentAttempt
from billing.payments.status import AttemptStatus
from billing.renewals.models import Renewal
from billing.renewals.services.charge import charge_renewals
from billing.renewals.status import OPEN
from billing.runs.models import QuarantineKind, RunKind
from billing.runs.selectors import find_quarantined
from billing.runs.services import Recording, note_failure, recording
from manager.kit.actor import Actor
from manager.kit.clock import day_in
from manager.kit.crew import Crew
from manager.kit.due import FURTHEST, is_due
from manager.kit.nudge import Gathering, gathered_nudges, works_alone
from manager.kit.prepared import Prepared
from manager.kit.scope import tenant_scope

logger = logging.getLogger(__name__)

ACTOR = Actor.system("renewals")

LEASE = timedelta(seconds=50)
"""So long nobody else looks at a claimed invoice; with the minute between two beats less than two minutes."""

BUDGET = timedelta(seconds=25)
"""After so long a drain claims nothing more: the other periodic work has its turn first."""

MOST_SILENCE = 10
"""After so many lost answers in a row a drain ends: the provider is out of order, and the rest can wait."""

WRITTEN_EVERY = 20
"""After so many units the report of the run is written."""

NUDGED_EVERY = 1
"""So many seconds what follows from charges, such as mails, waits to be begun."""

HANDS_FOR_ONE_TO_WAIT = 4
"""Of so many hands one may wait until another is free: each claim looks through the queue."""

# Zones are up to 14 hours ahead of UTC: tomorrow's date there may be due already.
AHEAD = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Unit:
    """One invoice to charge, as it was claimed."""

    organization_id: int
    invoice_id: int


@dataclass(slots=True)
class _Tally:
    """What a drain has done since it last wrote to the report of its run."""

    run: Recording
    nudges: Gathering
    charged: int = 0
    failed: int = 0
    skipped: int = 0
    money: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    lost_in_a_row: int = 0

    @property
    def noted(self) -> int:
        """How many units are not in the report yet."""
        return self.charged + self.failed + self.skipped

    def take(self, attempt: PaymentAttempt | None) -> bool:
        """Note what became of one unit, and return whether anything did; write and tell it now and then."""
        self._add(attempt)
        if self.noted >= WRITTEN_EVERY:
            self.write()
        self.nudges.send(every=NUDGED_EVERY)
        return attempt is not None

    def _add(self, attempt: PaymentAttempt | None) -> None:
        lost = attempt is not None and attempt.status == AttemptStatus.UNKNOWN
        self.lost_in_a_row = self.lost_in_a_row + 1 if lost else 0
        if attempt is None:
            return
        if attempt.status == AttemptStatus.SUCCEEDED:
            self.charged += 1
            self.money[attempt.currency] += attempt.amount
        elif attempt.status in (AttemptStatus.FAILED, AttemptStatus.REQUIRES_ACTION):
            self.failed += 1
            self.reasons[attempt.decline_code or str(attempt.status)] += 1
        else:
            self.skipped += 1
            self.reasons[str(attempt.status)] += 1

    def write(self) -> None:
        """Add it to the report, and begin anew."""
        self.run.count(
            charged=self.charged,
            failed=self.failed,
            skipped=self.skipped,
            money=dict(self.money),
            reasons=dict(self.reasons),
        )
        self.charged = self.failed = self.skipped = 0
        self.money, self.reasons = Counter(), Counter()


def drain_charges(*, at: datetime) -> int:
    """Charge the invoices of renewals that are due at `at`; return how many were tried (BIL-11).

    Any number may run at once. An invoice that fails unexpectedly stops nobody; the third time it goes to
    quarantine, where staff see it and let it be tried again.
    """
    at_once = 1 if works_alone() else max(1, settings.CHARGES_AT_ONCE)
    with recording(kind=RunKind.CHARGING, at=at) as run, gathered_nudges() as nudges:
        tally = _Tally(run, nudges)
        return _one_by_one(tally, at) if at_once == 1 else _side_by_side(tally, at, at_once)


def _one_by_one(tally: _Tally, at: datetime) -> int:
    tried = 0
    until = monotonic() + BUDGET.total_seconds()
    try:
        while monotonic() < until and tally.lost_in_a_row < MOST_SILENCE and (units := claim(at=at, most=1)):
            tried += tally.take(charge_unit(units[0], at=at))
    finally:
        tally.write()
    return tried


def _side_by_side(tally: _Tally, at: datetime, at_once: int) -> int:
    """Keep `at_once` units in flight: while one waits for the provider, others do their own steps."""
    tried = 0
    crew = Crew(_charge, at=at, most=at_once)
    try:
        while True:
            has_time = crew.worked < BUDGET and tally.lost_in_a_row < MOST_SILENCE
            if has_time and crew.free >= max(1, at_once // HANDS_FOR_ONE_TO_WAIT):
                crew.give(claim(at=crew.moment, most=crew.free))
            if crew.is_idle:
                return tried
            tried += tally.take(crew.next_result())
    finally:
        crew.dismiss()
        tally.write()


def _charge(unit: Unit, at: datetime) -> PaymentAttempt | None:
    return charge_unit(unit, at=at)


def claim(*, at: datetime, most: int) -> list[Unit]:
    """Take up to `most` invoices that are due by their organizations' calendars, oldest first."""
    due, values = _DUE.sql(at=at, beyond=at + FURTHEST, latest=at.date() + AHEAD, most=most)
    with connections["system"].cursor() as cursor:
        cursor.execute(CLAIM.format(due=due), [*values, at + LEASE])
        rows = sorted(cursor.fetchall())
    return [Unit(organization_id, invoice_id) for _day, _pk, organization_id, invoice_id in rows]


CLAIM = """
    WITH due AS MATERIALIZED ({due})
    UPDATE billing_renewal claimed SET lease_until = %s FROM due WHERE claimed.id = due.id
    RETURNING claimed.next_attempt_on, claimed.id, claimed.organization_id, claimed.invoice_id
"""


def _build_due(*, at: datetime, beyond: datetime, latest: date, most: int) -> QuerySet[Renewal]:
    """Return the first due row of each invoice that waits for its charge and that nobody works on."""
    local = Cast(Func(F("organization__time_zone"), Value(at), function="timezone"), DateField())
    everywhere = Renewal.objects.using("system")
    waiting = everywhere.filter(
        status__in=sorted(OPEN), next_attempt_on__lte=latest, invoice__status__in=sorted(PAYABLE)
    )
    earlier = everywhere.filter(
        invoice=OuterRef("invoice"),
        pk__lt=OuterRef("pk"),
        status__in=sorted(OPEN),
        next_attempt_on__lte=OuterRef("today"),
    )
    bad = find_quarantined(kind=QuarantineKind.CHARGE).using("system").filter(subject_id=OuterRef("invoice"))
    free = Q(lease_until=None) | is_due("lease_until", at, beyond)
    due = waiting.annotate(today=local).filter(
        free, ~Exists(earlier), ~Exists(bad), next_attempt_on__lte=F("today")
    )
    claimed = due.order_by("next_attempt_on", "pk").only("pk")[:most]
    return claimed.select_for_update(of=("self",), skip_locked=True)


_DUE: Prepared[Renewal] = Prepared(_build_due, shape=["most"])


def _build_invoice(*, organization_id: int, pk: int) -> QuerySet[Invoice]:
    found = Invoice.objects.filter(organization_id=organization_id, pk=pk)
    return found.select_related("organization")


_INVOICE: Prepared[Invoice] = Prepared(_build_invoice, planned_once=True)


def charge_unit(unit: Unit, *, at: datetime) -> PaymentAttempt | None:
    """Charge one claimed invoice; what fails unexpectedly is noted, and after the third time left out.

    :raises OperationalError: the database cannot be reached, which is no fault of the invoice.
    """
    try:
        with tenant_scope(unit.organization_id):
            invoice = _INVOICE.one(organization_id=unit.organization_id, pk=unit.invoice_id)
            today = day_in(invoice.organization.time_zone, at)
            return charge_renewals(invoice=invoice, today=today, actor=ACTOR, at=at)
    except (GatewayUnavailable, GatewayMisconfigured) as error:
        logger.warning("The renewal invoice %s waits for its provider: %s", unit.invoice_id, error)
    except (OperationalError, InterfaceError):
        raise
    except Exception as error:  # one invoice must not stop the others
        logger.exception("The renewal invoice %s could not be charged.", unit.invoice_id)
        note_failure(
            kind=QuarantineKind.CHARGE,
            subject_id=unit.invoice_id,
            organization_id=unit.organization_id,
            error=error,
            at=at,
        )
    return None
