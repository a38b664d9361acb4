"""A paid invoice, for the routes of the staff who give money back."""

from typing import Any

from tests.factories.billing import make_invoice, pay_invoice
from tests.factories.cast import make_tenant


def _paid(*_: Any) -> int:
    return pay_invoice(make_invoice(make_tenant())).pk


KEYS: dict[tuple[str, str], Any] = {
    ("billing:staff_refund", "invoice_id"): _paid,
}
