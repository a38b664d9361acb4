"""A payment that waits, for the routes of the staff who look at the bank."""

from typing import Any

from billing.bank.models import StatementEntry
from tests.factories.bank import bring, line, make_bank


def _entry(*_: Any) -> int:
    known = StatementEntry.objects.first()
    if known is None:
        make_bank()
        bring(line(12_345, text="Thank you", name="Somebody", bank_reference="H1"))
        known = StatementEntry.objects.get()
    return known.pk


def _statement(*_: Any) -> int:
    return StatementEntry.objects.get(pk=_entry()).statement_id


ACTS = ("entry", "assign", "set_aside", "reset", "payout_back", "take_back")
KEYS: dict[tuple[str, str], Any] = {
    **{(f"billing:staff_bank_{act}", "entry_id"): _entry for act in ACTS},
    ("billing:staff_bank_statement", "statement_id"): _statement,
}
