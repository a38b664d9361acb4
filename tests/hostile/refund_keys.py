"""A paid invoice, for the routes of the staff who give money back."""

from typing import Any

from tests.factories.billing import make_invoice, pay_invoice
from tests.factories.cast import make_tenant
from tests.factories.disputes import make_dispute


def _paid(*_: Any) -> int:
    return pay_invoice(make_invoice(make_tenant())).pk


def _dispute(*_: Any) -> int:
    organization = make_tenant()
    return make_dispute(organization).pk


KEYS: dict[tuple[str, str], Any] = {
    **{(f"billing:staff_dispute{act}", "dispute_id"): _dispute for act in ("", "_suspend")},
    ("billing:staff_refund", "invoice_id"): _paid,
}
