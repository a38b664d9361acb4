"""A list for PayPal, for the route of the staff who pay balance out."""

from typing import Any

from billing.withdrawals.models import PayoutBatch
from tests.factories.billing import AT


def _batch(*_: Any) -> int:
    known = PayoutBatch.objects.first()
    values = {"means": "paypal", "currency": "CHF", "made_by": 1, "made_by_name": "Nora Frei", "made_at": AT}
    return (known or PayoutBatch.objects.create(**values)).pk


KEYS: dict[tuple[str, str], Any] = {("billing:staff_withdrawals_file", "batch_id"): _batch}
