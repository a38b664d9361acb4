"""The order in which saved means are tried; the default is the first of them (BIL-9)."""

from collections.abc import Sequence

from billing.payment_methods.models import PaymentMethod


def arrange(rows: Sequence[PaymentMethod]) -> None:
    """Give locked means their places in this order; the first is the default (BIL-9)."""
    if not rows:
        return
    PaymentMethod.objects.filter(organization_id=rows[0].organization_id, is_default=True).update(
        is_default=False
    )
    for position, row in enumerate(rows, start=1):
        row.position = position
        row.is_default = position == 1
    PaymentMethod.objects.bulk_update(rows, ["position", "is_default"])
