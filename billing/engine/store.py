"""Store drafts in sets: six statements for hundreds of invoices, all in the caller's transaction (BIL-16)."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.db.models import Model

from billing.changes.models import ChangeQuote
from billing.changes.status import ChangeStatus
from billing.engine.drafts import Draft
from billing.engine.finding import SYSTEM
from billing.engine.prices import RenewalPrice
from billing.invoices.models import Invoice, InvoiceLine
from billing.invoices.services.draft import DRAFTED, ChangeIsWaiting
from billing.renewals.kept import KeptRefusal
from billing.renewals.models import Renewal
from billing.renewals.status import RenewalStatus
from manager.kit.actor import Actor
from manager.kit.database.groups import Refusal, staged
from manager.kit.database.sets import any_of, insert_copies, insert_rows, listed, take_ids
from manager.kit.prepared import Prepared
from manager.outbox.models import OutboxEvent
from organizations.audit.services import make_event

OF_PRODUCT = ("invoice_id", "product_id")


def store_drafts(drafts: Sequence[Draft], *, actor: Actor, at: datetime) -> None:
    """Write invoices, lines, renewals, audit and events (`renewal.planned`) of the drafts, or nothing.

    :raises IntegrityError: a day is on another invoice already, or the database refuses a row otherwise.
    :raises ChangeIsWaiting: the offer of one of the products is about to change.
    """
    _store_rows(drafts, at)
    _require_settled_offers(drafts)
    _tell(drafts, actor, at)


def store_each(drafts: Sequence[Draft], *, actor: Actor, at: datetime) -> list[Refusal | None]:
    """Write the drafts that the database takes, with all that belongs to them; return what it says to each.

    The members of a refusal are the products which it is for, by their ids.

    :raises ChangeIsWaiting: the offer of one of the products is about to change; nothing is written.
    """
    refused = _store_staged(drafts, at)
    taken = [draft for draft in drafts if draft.invoice.pk not in refused]
    if taken:
        _require_settled_offers(taken)
        _tell(taken, actor, at)
    return [refused.get(draft.invoice.pk) for draft in drafts]


def _store_staged(drafts: Sequence[Draft], at: datetime) -> dict[int, Refusal]:
    parts: dict[type[Model], tuple[str, str]] = {InvoiceLine: OF_PRODUCT, Renewal: OF_PRODUCT}
    with staged({Invoice: "id"}, parts, using=SYSTEM) as rows:
        _store_rows(drafts, at, is_staged=True)
        return rows.store()


def _store_rows(drafts: Sequence[Draft], at: datetime, *, is_staged: bool = False) -> None:
    _store_invoices(drafts, is_staged=is_staged)
    _store_lines(drafts, is_staged=is_staged)
    _store_renewals(drafts, at, is_staged=is_staged)


def _store_invoices(drafts: Sequence[Draft], *, is_staged: bool = False) -> None:
    for draft, key in zip(drafts, take_ids(Invoice, len(drafts), using=SYSTEM), strict=True):
        draft.invoice.pk = key
    insert_rows([draft.invoice for draft in drafts], using=SYSTEM, is_staged=is_staged)


def _tell(drafts: Sequence[Draft], actor: Actor, at: datetime) -> None:
    """Write audit and events."""
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


def _store_lines(drafts: Sequence[Draft], *, is_staged: bool = False) -> None:
    """Write a copy of the lines of each product's price, in its name."""
    samples: list[InvoiceLine] = []
    first_of: dict[RenewalPrice, int] = {}
    which: list[int] = []
    owners: list[int] = []
    invoices: list[int] = []
    positions: list[int] = []
    products: list[int] = []
    words: list[str] = []
    for draft in drafts:
        written = len(which)
        for product, price in zip(draft.products, draft.prices, strict=True):
            if price not in first_of:
                first_of[price] = len(samples)
                samples += price.lines
            for sample, wording in enumerate(price.wordings, start=first_of[price]):
                which.append(sample)
                products.append(product.pk)
                words.append(wording.of_product(product.name))
        number = len(which) - written
        owners += [draft.invoice.organization_id] * number
        invoices += [draft.invoice.pk] * number
        positions += range(1, number + 1)
    given: dict[str, Sequence[Any]] = {
        "organization_id": owners,
        "invoice_id": invoices,
        "position": positions,
        "product_id": products,
        "description": words,
    }
    insert_copies(samples, which=which, given=given, using=SYSTEM, order_by="product_id", is_staged=is_staged)


def _store_renewals(drafts: Sequence[Draft], at: datetime, *, is_staged: bool = False) -> None:
    """Write a copy of the renewal of each product's price, with its invoice and its means.

    What its means was refused for before goes on where it was: refused, with its next day (BIL-11).
    """
    place_of: dict[RenewalPrice, int] = {}
    which: list[int] = []
    owners: list[int] = []
    invoices: list[int] = []
    products: list[int] = []
    methods: list[int] = []
    for draft in drafts:
        number = len(draft.products)
        which += [place_of.setdefault(price, len(place_of)) for price in draft.prices]
        products += [product.pk for product in draft.products]
        owners += [draft.invoice.organization_id] * number
        invoices += [draft.invoice.pk] * number
        methods += [draft.group.method.pk] * number
    given: dict[str, Sequence[Any]] = {
        "organization_id": owners,
        "product_id": products,
        "invoice_id": invoices,
        "method_id": methods,
        "created_at": [at] * len(which),
    }
    if any(draft.refused for draft in drafts):
        states = [
            _state(price.renewal, draft.refused.get(product.pk))
            for draft in drafts
            for product, price in zip(draft.products, draft.prices, strict=True)
        ]
        given["status"], given["next_attempt_on"], given["attempts"] = zip(*states, strict=True)
    samples = [price.renewal for price in place_of]
    insert_copies(samples, which=which, given=given, using=SYSTEM, order_by="product_id", is_staged=is_staged)


def _state(planned: Renewal, kept: KeptRefusal | None) -> tuple[str, date | None, int]:
    """Return the status of a renewal, its next day and how often it was tried."""
    on = planned.next_attempt_on
    if kept is None or on is None:
        return RenewalStatus.PLANNED.value, on, 0
    return (
        RenewalStatus.FAILED.value,
        max(kept.next_attempt_on, on) if kept.next_attempt_on else None,
        kept.attempts,
    )


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
    products = listed(product.pk for draft in drafts for product in draft.products)
    if _CHANGING.fetch(ids=products):
        raise ChangeIsWaiting


_CHANGING: Prepared[tuple[Any, ...]] = Prepared(
    lambda ids: (
        ChangeQuote.objects.using(SYSTEM)
        .filter(product_id__in=any_of(ids), status=ChangeStatus.ACCEPTED)
        .values_list("pk")[:1]
    ),
    planned_once=True,
)
