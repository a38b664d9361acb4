"""The demonstration's bank accounts: the examples of the Swiss standard, which belong to nobody."""

from billing.profiles.selectors import default_entity
from billing.transfer.services import set_seller_account

IBAN, QR_IBAN = "CH9300762011623852957", "CH4431999123000889012"


def open_accounts() -> None:
    """Let the demonstration's company take transfers in both currencies (BIL-17)."""
    bank = {"bank_name": "Zürcher Kantonalbank", "bic": "ZKBKCHZZ80A", "iban": IBAN}
    set_seller_account(legal_entity=default_entity(), currency="CHF", qr_iban=QR_IBAN, **bank)
    set_seller_account(legal_entity=default_entity(), currency="EUR", **bank)
