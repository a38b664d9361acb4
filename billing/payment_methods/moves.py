"""Move a saved means in the order in which they are tried (BIL-9)."""

from datetime import datetime
from typing import Literal

from django.db import transaction

from billing.payment_methods.models import PaymentMethod
from billing.payment_methods.order import arrange
from billing.payment_methods.selectors import list_methods
from billing.payment_methods.services import lock_method
from manager.kit.actor import Actor
from manager.outbox.publish import publish
from organizations.audit.services import record_audit

Direction = Literal["up", "down"]


@transaction.atomic
def move_method(*, method: PaymentMethod, direction: Direction, actor: Actor, at: datetime) -> PaymentMethod:
    """Move a means one place up or down in the order in which they are tried (BIL-9).

    Whichever comes first is the default from then on. At the end of the list nothing changes.

    :raises MethodRemoved: it is gone.
    """
    row = lock_method(method)
    rows = list(list_methods(organization=row.organization))
    place = rows.index(row)
    other = place - 1 if direction == "up" else place + 1
    if not 0 <= other < len(rows):
        return row
    former = rows[0]
    rows[place], rows[other] = rows[other], rows[place]
    arrange(rows)
    record_audit(
        organization_id=row.organization_id,
        name="payment_method.moved",
        actor=actor,
        at=at,
        subject=row,
        before=place + 1,
        after=other + 1,
    )
    name = "payment_method.moved" if rows[0] == former else "payment_method.default_changed"
    publish(name, organization_id=row.organization_id, payload={"method": rows[0].pk}, at=at)
    row.refresh_from_db()
    return row
