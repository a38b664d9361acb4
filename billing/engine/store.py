"""Store drafts in sets: six statements for hundreds of invoices, all in the caller's transaction (BIL-16)."""

from collections.abc import Sequence
from datetime import datetime

from billing.changes.models import ChangeQuote
from billing.changes.status import ChangeStatus
from billing.engine.drafts import Draft
from billing.engine.finding import SYSTEM
from billing.invoices.models import Invoice
from billing.invoices.services.draft import DRAFTED, ChangeIsWaiting
from manager.kit.actor import Actor
from manager.kit.database.sets import insert_rows, take_ids
from manager.outbox.models import OutboxEvent
from organizations.audit.services import make_event


def store_drafts(drafts: Sequence[Draft], *, actor: Actor, at: datetime) -> None:
    """Write invoices, lines, renewals, audit and events (`renewal.planned`) of the drafts, or nothing.

    :raises IntegrityError: a day is on another invoice already, or the database refuses a row otherwise.
    :raises ChangeIsWaiting: the offer of one of the products is about to change.
    """
    for draft, key in zip(drafts, take_ids(Invoice, len(drafts), using=SYSTEM), strict=True):
        draft.invoice.pk = key
        for line in draft.lines:
            line.invoice_id = key
        for renewal in draft.renewals:
            renewal.invoice_id = key
    insert_rows([draft.invoice for draft in drafts], using=SYSTEM)
    insert_rows([line for draft in drafts for line in draft.lines], using=SYSTEM)
    _require_settled_offers(drafts)
    insert_rows([renewal for draft in drafts for renewal in draft.renewals], using=SYSTEM)
    insert_rows(
        [
            make_event(
                organization_id=draft.invoice.organization_id,
                name=DRAFTED,
                actor=actor,
                at=at,
                subject=draft.invoice,
                data={},
            )
            for draft in drafts
        ],
        using=SYSTEM,
    )
    insert_rows([_planned(draft, at) for draft in drafts], using=SYSTEM)


def _planned(draft: Draft, at: datetime) -> OutboxEvent:
    return OutboxEvent(
        name="renewal.planned",
        organization_id=draft.invoice.organization_id,
        payload={"invoice": draft.invoice.pk, "due_on": draft.group.expires_on.isoformat()},
        created_at=at,
    )


def _require_settled_offers(drafts: Sequence[Draft]) -> None:
    """Refuse days of a product whose offer is about to change.

    Asked after the lines are written: each holds its product's row, which whoever accepts a change locks.
    """
    products = [product.pk for draft in drafts for product in draft.products]
    changes = ChangeQuote.objects.using(SYSTEM)
    if changes.filter(product_id__in=products, status=ChangeStatus.ACCEPTED).exists():
        raise ChangeIsWaiting
