"""The verbs of the bank (BIL-17). A file is kept in one commit, each of its entries is booked in another.

Locks are taken in one order: entry, invoice, accounts, products, series of numbers.
"""

from billing.bank.services.book import EntryClosed, book_entry
from billing.bank.services.come_back import NoSuchPayout, find_payout, kept_of, return_payout
from billing.bank.services.decide import (
    NothingProposed,
    ReasonMissing,
    assign_entry,
    confirm_entry,
    reset_entry,
    set_aside,
)
from billing.bank.services.follow import follow_entry
from billing.bank.services.keep import AccountUnknown, import_statement
from billing.bank.services.take_back import BalanceTooSmall, NothingToTakeBack, take_back_transfer

__all__ = [
    "AccountUnknown",
    "BalanceTooSmall",
    "EntryClosed",
    "NoSuchPayout",
    "NothingProposed",
    "NothingToTakeBack",
    "ReasonMissing",
    "assign_entry",
    "book_entry",
    "confirm_entry",
    "find_payout",
    "follow_entry",
    "import_statement",
    "kept_of",
    "reset_entry",
    "return_payout",
    "set_aside",
    "take_back_transfer",
]
