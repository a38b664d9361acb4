"""Read camt.053 and camt.054, the XML in which banks tell what moved on an account (BIL-17)."""

from billing.bank.camt.errors import FileEmpty, FileTooLarge, StatementInvalid, VersionUnknown
from billing.bank.camt.read import MOST_BYTES, read_camt
from billing.bank.camt.words import Booking, CamtFile, Detail

__all__ = [
    "MOST_BYTES",
    "Booking",
    "CamtFile",
    "Detail",
    "FileEmpty",
    "FileTooLarge",
    "StatementInvalid",
    "VersionUnknown",
    "read_camt",
]
