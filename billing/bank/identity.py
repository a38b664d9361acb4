"""What makes an entry the same in every file that tells of it (BIL-17).

Banks name a transaction by their own reference (AcctSvcrRef), in the account's statement (camt.053) as in the
notification of credits (camt.054). Where they give none, it is known by all that does not depend on the file:
account, day, amount, direction, and what it was for. The second one of a file that looks just the same is
another transaction: two people may pay the same sum on the same day.
"""

import hashlib
from collections import Counter
from datetime import date

from billing.bank.camt import Booking, Detail


class Identities:
    """Gives the identities of one file; remembers what it has seen of it."""

    def __init__(self) -> None:
        self._seen: Counter[str] = Counter()

    def of_booking(self, booking: Booking) -> str:
        """Return what all files call this booking, a single transaction or a batch."""
        reference = booking.bank_reference
        if not reference and len(booking.details) == 1:
            reference = booking.details[0].bank_reference
        if reference:
            return _digest("booking", *_place(booking), reference)
        if booking.details:
            inside = sorted(_digest(*_marks(detail)) for detail in booking.details)
            return self._numbered("booking", *_place(booking), day_of(booking).isoformat(), *inside)
        told = (booking.entry_reference, booking.text)
        return self._numbered(
            "sum", *_place(booking), day_of(booking).isoformat(), str(booking.amount), *told
        )

    def of_details(self, booking: Booking, key: str) -> list[str]:
        """Return what all files call each transaction of the booking `key`, in their order."""
        within: Counter[str] = Counter()
        found = []
        for detail in booking.details:
            reference = detail.bank_reference or (booking.bank_reference if len(booking.details) == 1 else "")
            marks = (reference, detail.reference, str(detail.amount)) if reference else _marks(detail)
            base = _digest("detail", *_place(booking), "" if reference else key, *marks)
            found.append(_digest(base, str(within[base])))
            within[base] += 1
        return found

    def _numbered(self, *parts: str) -> str:
        base = _digest(*parts)
        number = self._seen[base]
        self._seen[base] += 1
        return _digest(base, str(number))


def day_of(booking: Booking) -> date:
    """Return the day of a booked entry: when the money counts, else when it was booked."""
    day = booking.value_on or booking.booked_on
    if day is None:  # the reader refuses a booked entry without any
        raise ValueError("A booked entry has a date.")
    return day


def _place(booking: Booking) -> tuple[str, ...]:
    way = "in" if booking.is_credit else "out"
    return (booking.iban, booking.currency, way, "back" if booking.is_reversal else "")


def _marks(detail: Detail) -> tuple[str, ...]:
    """Return what a transaction without the bank's reference is known by; its names where that is all."""
    told = (detail.reference, detail.end_to_end)
    more = () if detail.reference else (detail.name, detail.name_iban, detail.text)
    return (str(detail.amount), *told, *more)


def _digest(*parts: str) -> str:
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()
