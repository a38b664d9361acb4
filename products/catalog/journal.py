"""The history of the catalogue: who changed what and when, before and after."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from manager.kit.actor import Actor
from products.catalog.differences import ORDER, Difference
from products.catalog.models import CatalogChange
from products.catalog.timeline import Timeline


@dataclass(frozen=True, slots=True)
class Stamp:
    """Who changes the catalogue, when, and where from: the name of a file, or nothing for a page."""

    actor: Actor
    at: datetime
    source: str = ""


def record_of(difference: Difference, stamp: Stamp) -> CatalogChange:
    """Return the row that tells of a difference, not stored yet."""
    return CatalogChange(
        what=_what(difference),
        family=difference.family,
        plan=difference.plan,
        option=difference.option,
        before=_stored(difference, difference.before),
        after=_stored(difference, difference.after),
        source=stamp.source,
        actor_kind=stamp.actor.kind,
        actor_id=stamp.actor.user_id,
        actor_name=stamp.actor.name[:200],
        at=stamp.at,
    )


def _what(difference: Difference) -> str:
    if difference.key is not None:
        return "price_changed"
    subject = "option" if difference.option else "plan" if difference.plan else "family"
    if difference.before is None:
        return f"{subject}_added"
    changed = set(difference.after)
    if changed == {ORDER}:
        return "order_changed"
    flag = {"is_orderable", "is_published"} & changed
    if flag and len(changed) == 1:
        return f"{subject}_published" if difference.after[flag.pop()] else f"{subject}_withdrawn"
    return f"{subject}_changed"


def _stored(difference: Difference, value: Any) -> Any:
    if difference.key is None:
        return value
    return {**difference.key._asdict(), "amounts": [*_spans(value)]}


def _spans(line: Timeline) -> list[dict[str, Any]]:
    return [
        {
            "amount": span.amount,
            "from": span.since.isoformat(),
            "until": span.until.isoformat() if span.until else None,
        }
        for span in line
    ]
