"""What a statement says, in the words of the house; amounts in minor units, always positive."""

from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class Detail:
    """One transaction of a booking: what it is over, who paid, and what for.

    `amount` is what moved on the account, `charges` what the bank kept of the payment before. `reference` is
    the only structured one; several of them stand in `text`, for people. `instructed` is the sum that was
    ordered in another currency, as people read it.
    """

    amount: int
    charges: int = 0
    reference: str = ""
    text: str = ""
    name: str = ""
    name_iban: str = ""
    end_to_end: str = ""
    bank_reference: str = ""
    instructed: str = ""
    return_reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Booking:
    """One entry of the statement: a movement of the account, of one transaction or of a batch.

    `details` are empty where the bank gives the sum alone, or where they do not add up to `amount`.
    """

    iban: str
    currency: str
    amount: int
    is_credit: bool
    is_reversal: bool
    status: str
    booked_on: date | None
    value_on: date | None
    bank_reference: str = ""
    entry_reference: str = ""
    text: str = ""
    charges: int = 0
    details: tuple[Detail, ...] = ()

    @property
    def is_booked(self) -> bool:
        """Whether the money has moved; the rest is announced only."""
        return self.status == "BOOK"


@dataclass(frozen=True, slots=True, kw_only=True)
class CamtFile:
    """One message: `kind` is `camt.053` or `camt.054`, `version` its two digits."""

    kind: str
    version: str
    message_id: str
    accounts: tuple[str, ...]
    bookings: tuple[Booking, ...] = field(default=())
