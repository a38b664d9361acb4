"""Numbers without a gap (BIL-5): taken under the lock of their series, in the transaction that uses them."""

from datetime import date
from typing import Any

from django.db import connection
from psycopg.types.numeric import Int4, Int8

from billing.invoices.models import NumberSequence
from billing.profiles.models import LegalEntity

INVOICE = "invoice"
CREDIT_NOTE = "credit_note"
SIGNS = {INVOICE: "", CREDIT_NOTE: "CN-"}

TAKE = """
    UPDATE billing_numbersequence SET next_value = next_value + 1
    WHERE legal_entity_id = %s::bigint AND kind = %s::text AND year = %s::int RETURNING next_value - 1
"""


def take_number(*, entity: LegalEntity, kind: str, on: date) -> str:
    """Return the next number of the company's series for the year of `on`, such as `CH-2026-000123`.

    Everybody who numbers waits here until the taker commits, so take it last; one that rolls back
    leaves no gap, as its step of the series is rolled back with it.
    """
    value = _take(entity, kind, on.year)
    if value is None:  # the first one of the year
        NumberSequence.objects.get_or_create(legal_entity=entity, kind=kind, year=on.year)
        value = _take(entity, kind, on.year)
    return f"{SIGNS[kind]}{entity.number_prefix}-{on.year}-{value:06d}"


def _take(entity: LegalEntity, kind: str, year: int) -> int | None:
    """Step the series under its row's lock and return the number; None where it has not begun."""
    wrapper: Any = connection
    with wrapper.planned_cursor() as cursor:
        cursor.execute(TAKE, (Int8(entity.pk), kind, Int4(year)))
        row = cursor.fetchone()
    return None if row is None else int(row[0])
