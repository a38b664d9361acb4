"""Numbers without a gap (BIL-5): taken under the lock of their series, in the transaction that uses them."""

from datetime import date

from billing.invoices.models import NumberSequence
from billing.profiles.models import LegalEntity

INVOICE = "invoice"
CREDIT_NOTE = "credit_note"
SIGNS = {INVOICE: "", CREDIT_NOTE: "CN-"}


def take_number(*, entity: LegalEntity, kind: str, on: date) -> str:
    """Return the next number of the company's series for the year of `on`, such as `CH-2026-000123`.

    Everybody who numbers waits here until the taker commits, so take it last; one that rolls back
    leaves no gap, as its step of the series is rolled back with it.
    """
    sequence, _created = NumberSequence.objects.select_for_update().get_or_create(
        legal_entity=entity, kind=kind, year=on.year
    )
    value = sequence.next_value
    sequence.next_value = value + 1
    sequence.save(update_fields=["next_value"])
    return f"{SIGNS[kind]}{entity.number_prefix}-{on.year}-{value:06d}"
