"""Store the drafts of a batch so that one that the database refuses keeps none of the others out."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import groupby

from django.db import DatabaseError, OperationalError, transaction

from billing.engine.drafts import Draft, make_draft
from billing.engine.finding import SYSTEM
from billing.engine.known import Known
from billing.engine.load import Batch, Due, Place
from billing.engine.store import store_drafts, store_each, try_products
from billing.invoices.models import NO_DAYS_TWICE
from billing.invoices.services.draft import ONE_PER_ORIGIN, PeriodAlreadyBilled, free_origin_key
from billing.renewals.models import RENEWED_ONCE
from manager.kit.actor import Actor
from manager.kit.database.groups import Refusal

PARTS = 8
"""A set of which not even each draft can be stored is taken in so many parts, and these again."""

BILLED_ALREADY = NO_DAYS_TWICE | {RENEWED_ONCE}


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
        """Store what the database takes of some drafts: together, or each by itself after one was refused."""
        if self.known.is_wary and len(drafts) > 1:
            self._store_each(drafts)
        else:
            self._store_together(drafts)

    def _store_together(self, drafts: Sequence[Draft]) -> None:
        """Store drafts by one statement for each table; where the database refuses that, each by itself."""
        refusal = self._refusal_of(drafts) if drafts else None
        if refusal is None:
            self.outcome.stored.extend(drafts)
        elif len(drafts) == 1:
            self._store_refused([(drafts[0], refusal)])
        else:
            self.known.is_wary = True
            self._store_each(drafts)

    def _store_each(self, drafts: Sequence[Draft]) -> None:
        """Store each draft by itself, all by one statement; where even that is refused in parts."""
        try:
            with transaction.atomic(using=SYSTEM):
                answers = store_each(drafts, actor=self.actor, at=self.batch.at)
        except OperationalError:
            raise
        except (DatabaseError, PeriodAlreadyBilled):
            size = -(-len(drafts) // PARTS)
            for start in range(0, len(drafts), size):
                self._store_together(drafts[start : start + size])
            return
        self.outcome.stored += [draft for draft, refusal in zip(drafts, answers, strict=True) if not refusal]
        self._store_refused([(draft, no) for draft, no in zip(drafts, answers, strict=True) if no])

    def _store_refused(self, refused: Sequence[tuple[Draft, Refusal]]) -> None:
        """Store what can be of drafts that the database refuses, each by itself."""
        unsound = []
        for draft, refusal in refused:
            again = self._refusal_of_renamed(draft) if refusal.constraint == ONE_PER_ORIGIN else refusal
            if again is None:
                self.outcome.stored.append(draft)
            elif _came_too_late(again) or again.constraint == ONE_PER_ORIGIN:
                self.outcome.skipped.append(draft)
            else:
                unsound.append((draft, again))
        self._store_without_bad(unsound)

    def _refusal_of_renamed(self, draft: Draft) -> Refusal | None:
        """Store a draft whose cause had an invoice before, which was given back or voided: by a further key.

        Days that the former one still pays refuse the draft; one written at this moment is left to it.
        """
        draft.invoice.origin_key = free_origin_key(
            organization_id=draft.invoice.organization_id, key=draft.invoice.origin_key, using=SYSTEM
        )
        return self._refusal_of([draft])

    def _store_without_bad(self, refused: Sequence[tuple[Draft, Refusal]]) -> None:
        """Store what of these drafts the database takes, as one invoice of each."""
        bad = self._bad_of([(draft, product) for draft, _refusal in refused for product in draft.products])
        smaller = []
        for draft, refusal in refused:
            sound = [product for product in draft.products if product.pk not in bad]
            if len(sound) == len(draft.products):  # each is taken alone, and the whole is not
                self.outcome.failed += [(product, refusal.error) for product in sound]
                continue
            self.outcome.failed += [(row, bad[row.pk].error) for row in draft.products if row.pk in bad]
            smaller.append(make_draft(draft.group, sound, self.batch, self.known) if sound else None)
        self._store_together([draft for draft in smaller if draft])

    def _bad_of(self, products: Sequence[tuple[Draft, Due]]) -> dict[int, Refusal]:
        """Return the products of refused drafts that the database refuses, by their ids; stores nothing."""
        tried = []
        for _draft, its in groupby(products, key=lambda pair: id(pair[0])):
            pairs = list(its)
            smaller = make_draft(pairs[0][0].group, [one for _, one in pairs], self.batch, self.known)
            if smaller is not None:
                smaller.invoice.origin_key += ":tried"  # these alone may have been billed
                tried.append(smaller)
        if not tried:
            return {}
        try:
            with transaction.atomic(using=SYSTEM):
                found = try_products(tried, at=self.batch.at)
                transaction.set_rollback(True, using=SYSTEM)
        except OperationalError:
            raise
        except DatabaseError as error:
            if len(products) == 1:
                return {products[0][1].pk: Refusal.of(error)}
            middle = len(products) // 2
            return self._bad_of(products[:middle]) | self._bad_of(products[middle:])
        return found

    def _refusal_of(self, drafts: Sequence[Draft]) -> Refusal | None:
        """Store drafts in a savepoint; return what the database says against it, None where they are stored.

        A lock that is waited for too long, or a lost connection, is no refusal and goes on.
        """
        try:
            with transaction.atomic(using=SYSTEM):
                store_drafts(drafts, actor=self.actor, at=self.batch.at)
        except OperationalError:
            raise
        except (DatabaseError, PeriodAlreadyBilled) as error:
            return Refusal.of(error)
        return None


def _came_too_late(refusal: Refusal) -> bool:
    """Return whether a person has billed the days meanwhile: the next run plans what is left of the group."""
    return isinstance(refusal.error, PeriodAlreadyBilled) or refusal.constraint in BILLED_ALREADY
