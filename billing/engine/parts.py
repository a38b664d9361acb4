"""Store the drafts of a batch so that one that the database refuses keeps none of the others out."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db import DatabaseError, transaction

from billing.engine.drafts import Draft, make_draft
from billing.engine.finding import SYSTEM
from billing.engine.known import Known
from billing.engine.load import Batch, Due, Place
from billing.engine.store import store_drafts, store_each
from billing.invoices.models import NO_DAYS_TWICE
from billing.invoices.services.draft import ONE_PER_ORIGIN, PeriodAlreadyBilled, free_origin_key
from billing.renewals.models import RENEWED_ONCE
from manager.kit.actor import Actor
from manager.kit.database.groups import Refusal, is_nobodys_fault

PARTS = 8
"""A set of which not even each draft can be stored is taken in so many parts, and these again."""

CAME_TOO_LATE = NO_DAYS_TWICE | {RENEWED_ONCE, ONE_PER_ORIGIN}
"""What refuses a draft whose days a person has billed meanwhile: the next run plans what is left of it."""


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
        if self.known.is_wary:
            self._store_each(drafts)
        else:
            self._store_together(drafts)

    def _store_together(self, drafts: Sequence[Draft]) -> None:
        """Store drafts by one statement for each table; where the database refuses that, each by itself."""
        try:
            with transaction.atomic(using=SYSTEM):
                store_drafts(drafts, actor=self.actor, at=self.batch.at)
        except (DatabaseError, PeriodAlreadyBilled) as error:
            if is_nobodys_fault(error):
                raise
            if len(drafts) > 1:
                self.known.is_wary = True
            self._store_each(drafts)
        else:
            self.outcome.stored.extend(drafts)

    def _store_each(self, drafts: Sequence[Draft], *, is_renamed: bool = False) -> None:
        """Store each draft by itself, all by one statement; where even that is refused in parts."""
        try:
            with transaction.atomic(using=SYSTEM):
                answers = store_each(drafts, actor=self.actor, at=self.batch.at)
        except (DatabaseError, PeriodAlreadyBilled) as error:
            if is_nobodys_fault(error):
                raise
            self._store_in_parts(drafts, error)
            return
        self.outcome.stored += [draft for draft, refusal in zip(drafts, answers, strict=True) if not refusal]
        refused = [(draft, refusal) for draft, refusal in zip(drafts, answers, strict=True) if refusal]
        self._store_refused(refused, is_renamed=is_renamed)

    def _store_refused(self, refused: Sequence[tuple[Draft, Refusal]], *, is_renamed: bool) -> None:
        """Store what can be of drafts that the database refuses, each by itself."""
        renamed, smaller = [], []
        for draft, refusal in refused:
            if refusal.constraint == ONE_PER_ORIGIN and not is_renamed:
                renamed.append(_rename(draft))
            elif refusal.constraint in CAME_TOO_LATE:
                self.outcome.skipped.append(draft)
            else:
                smaller += self._without_bad(draft, refusal)
        if renamed:
            self._store_each(renamed, is_renamed=True)
        if smaller:
            self._store_together(smaller)

    def _store_in_parts(self, drafts: Sequence[Draft], error: Exception) -> None:
        """Store drafts of which not even each can be stored; one that is left is judged as a whole."""
        if len(drafts) > 1:
            size = -(-len(drafts) // PARTS)
            for start in range(0, len(drafts), size):
                self._store_together(drafts[start : start + size])
        elif isinstance(error, PeriodAlreadyBilled):
            self.outcome.skipped += drafts
        else:
            self.outcome.failed += [(product, error) for product in drafts[0].products]

    def _without_bad(self, draft: Draft, refusal: Refusal) -> list[Draft]:
        """Return a draft of the products that the database does not refuse, which is none where it takes all.

        Those are noted; all are where each is taken alone, and the whole is not.
        """
        bad = refusal.members or dict.fromkeys((product.pk for product in draft.products), refusal.error)
        self.outcome.failed += [(row, bad[row.pk]) for row in draft.products if row.pk in bad]
        sound = [product for product in draft.products if product.pk not in bad]
        smaller = make_draft(draft.group, sound, self.batch, self.known) if sound else None
        return [smaller] if smaller else []


def _rename(draft: Draft) -> Draft:
    """Give a draft a further key whose cause had an invoice before, which was given back or voided.

    Days that the former one still pays refuse the draft; one written at this moment is left to it.
    """
    draft.invoice.origin_key = free_origin_key(
        organization_id=draft.invoice.organization_id, key=draft.invoice.origin_key, using=SYSTEM
    )
    return draft
