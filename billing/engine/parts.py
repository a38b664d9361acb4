"""Store the drafts of a batch so that one that the database refuses keeps none of the others out."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from django.db import DatabaseError, IntegrityError, OperationalError, transaction

from billing.engine.drafts import Draft, make_draft
from billing.engine.finding import SYSTEM
from billing.engine.known import Known
from billing.engine.load import Batch, Due, Place
from billing.engine.store import store_drafts
from billing.invoices.services.draft import (
    NO_DAY_TWICE,
    ONE_PER_ORIGIN,
    PeriodAlreadyBilled,
    constraint_of,
    free_origin_key,
)
from manager.kit.actor import Actor

PARTS = 8
"""A set that the database refuses is stored in so many parts, and these again, until the bad row is alone."""

NO_DAYS_TWICE = {NO_DAY_TWICE, "renewal_no_day_twice"}


@dataclass(slots=True)
class Outcome:
    """What became of a batch: drafts that were stored, products that failed, drafts that came too late."""

    stored: list[Draft] = field(default_factory=list)
    failed: list[tuple[Due, Exception]] = field(default_factory=list)
    skipped: list[Draft] = field(default_factory=list)
    last: Place | None = None


@dataclass(frozen=True, slots=True)
class Storing:
    """One batch being stored, in the transaction that claimed it; what becomes of it is in `outcome`."""

    batch: Batch
    known: Known
    actor: Actor
    outcome: Outcome

    def store(self, drafts: Sequence[Draft]) -> None:
        """Store drafts together; where the database refuses them in parts, until what it refuses is alone."""
        error = self._refusal_of(drafts) if drafts else None
        if error is None:
            self.outcome.stored.extend(drafts)
        elif len(drafts) > 1:
            size = -(-len(drafts) // PARTS)
            for start in range(0, len(drafts), size):
                self.store(drafts[start : start + size])
        elif _is_of(error, {ONE_PER_ORIGIN}):
            self._store_anew(drafts[0])
        elif _came_too_late(error):
            self.outcome.skipped.extend(drafts)
        else:
            self._store_without_bad(drafts[0], error)

    def _store_anew(self, draft: Draft) -> None:
        """Store a draft whose cause had an invoice before, which was given back or voided: by a further key.

        Days that the former one still pays refuse the draft; one written at this moment is left to it.
        """
        draft.invoice.origin_key = free_origin_key(
            organization_id=draft.invoice.organization_id, key=draft.invoice.origin_key, using=SYSTEM
        )
        error = self._refusal_of([draft])
        if error is None:
            self.outcome.stored.append(draft)
        elif _came_too_late(error) or _is_of(error, {ONE_PER_ORIGIN}):
            self.outcome.skipped.append(draft)
        else:
            self._store_without_bad(draft, error)

    def _store_without_bad(self, draft: Draft, error: Exception) -> None:
        """Store what of a draft the database takes, as one invoice."""
        bad = self._bad_of(draft, draft.products, error)
        self.outcome.failed.extend(bad)
        refused = {product.pk for product, _error in bad}
        sound = [product for product in draft.products if product.pk not in refused]
        smaller = make_draft(draft.group, sound, self.batch, self.known) if bad and sound else None
        if smaller is not None:
            self.store([smaller])

    def _bad_of(self, draft: Draft, products: Sequence[Due], error: Exception) -> list[tuple[Due, Exception]]:
        """Return the products that the database refuses, of some that it refused together; stores nothing."""
        if len(products) == 1:
            return [(products[0], error)]
        found: list[tuple[Due, Exception]] = []
        middle = len(products) // 2
        for part in (products[:middle], products[middle:]):
            tried = make_draft(draft.group, part, self.batch, self.known)
            if tried is not None:
                tried.invoice.origin_key += ":tried"  # this part alone may have been billed
            refusal = self._refusal_of([tried], is_trial=True) if tried else None
            if refusal is not None:
                found += self._bad_of(draft, part, refusal)
        return found

    def _refusal_of(self, drafts: Sequence[Draft], *, is_trial: bool = False) -> Exception | None:
        """Store drafts in a savepoint; return what the database says against it, None where they are stored.

        A lock that is waited for too long, or a lost connection, is no refusal and goes on.
        """
        try:
            with transaction.atomic(using=SYSTEM):
                store_drafts(drafts, actor=self.actor, at=self.batch.at)
                if is_trial:
                    transaction.set_rollback(True, using=SYSTEM)
        except OperationalError:
            raise
        except (DatabaseError, PeriodAlreadyBilled) as error:
            return error
        return None


def _came_too_late(error: Exception) -> bool:
    """Return whether a person has billed the days meanwhile: the next run plans what is left of the group."""
    return isinstance(error, PeriodAlreadyBilled) or _is_of(error, NO_DAYS_TWICE)


def _is_of(error: Exception, constraints: Collection[str]) -> bool:
    return isinstance(error, IntegrityError) and constraint_of(error) in constraints
