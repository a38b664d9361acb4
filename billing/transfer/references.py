"""References of payments: what a customer writes on a transfer, and what the bank tells us again.

They are pure functions of ids and never stored, so every document, page and statement agrees (BIL-17).
"""

from dataclasses import dataclass
from typing import Literal

from stdnum import iso11649
from stdnum.ch import esr

from billing.invoices.models import Invoice
from billing.transfer.models import SellerAccount
from billing.transfer.selectors import get_seller_account
from manager.kit.ids import MAX_ID
from organizations.profile.models import Organization

QRR: Literal["QRR"] = "QRR"
SCOR: Literal["SCOR"] = "SCOR"
# The first digit says what is paid.
DIGITS = {"invoice": "1", "top_up": "2"}
KINDS: dict[str, Literal["invoice", "top_up"]] = {"1": "invoice", "2": "top_up"}
# A QR reference: the kind, the id, and one check digit.
ID_DIGITS = 25
QRR_LENGTH = 27


@dataclass(frozen=True, slots=True)
class Reference:
    """A reference: `text` as machines read it, `printed` in groups as people do.

    `QRR` is the Swiss QR reference, valid with a QR-IBAN alone; `SCOR` is the creditor reference of
    ISO 11649, valid with any other IBAN.
    """

    kind: Literal["QRR", "SCOR"]
    text: str
    printed: str


@dataclass(frozen=True, slots=True)
class Target:
    """What a reference pays: an invoice by its id, or the prepaid account of an organization by its id."""

    kind: Literal["invoice", "top_up"]
    id: int


def reference_for_invoice(invoice: Invoice, *, account: SellerAccount | None = None) -> Reference:
    """Return the reference that pays `invoice`, of the kind that the seller's account takes (BIL-17).

    `account` saves looking it up.
    """
    account = account or get_seller_account(legal_entity=invoice.legal_entity, currency=invoice.currency)
    return write_reference(Target("invoice", invoice.pk), account=account)


def reference_for_top_up(organization: Organization, *, account: SellerAccount | None = None) -> Reference:
    """Return the reference that tops up the prepaid account of `organization` by transfer to `account`.

    Without `account` it is a creditor reference, which every bank but a QR-IBAN's takes (BIL-7).
    """
    return write_reference(Target("top_up", organization.pk), account=account)


def write_reference(target: Target, *, account: SellerAccount | None) -> Reference:
    """Return the reference of `target` as `account` takes it: with a QR-IBAN for francs a QR reference."""
    if account and account.qr_iban and account.currency == "CHF":
        digits = f"{DIGITS[target.kind]}{target.id:0{ID_DIGITS}d}"
        text = digits + esr.calc_check_digit(digits)
        return Reference(QRR, text, _group(text, first=2, size=5))
    body = f"{DIGITS[target.kind]}{target.id}"
    text = f"RF{_creditor_check(body)}{body}"
    return Reference(SCOR, text, _group(text, first=4, size=4))


def read_reference(text: str) -> Target | None:
    """Return what the reference `text` pays, or None when it is none of ours or has a wrong digit.

    Both kinds are read, with or without spaces, in capitals or not. The target need not exist.
    """
    compact = "".join(text.split()).upper()
    if not compact.isascii():
        return None
    if compact.startswith("RF"):
        body = compact[4:].lstrip("0")
        return _target(body[:1], body[1:]) if iso11649.is_valid(compact) else None
    if len(compact) != QRR_LENGTH or not compact.isdigit():
        return None
    if esr.calc_check_digit(compact[:-1]) != compact[-1]:
        return None
    return _target(compact[0], compact[1:-1])


def _target(digit: str, number: str) -> Target | None:
    if digit not in KINDS or not number.isdigit() or not 0 < int(number) <= MAX_ID:
        return None
    return Target(KINDS[digit], int(number))


def _creditor_check(body: str) -> str:
    """Return the two check digits of ISO 11649: 98 less the remainder by 97 of the body with `RF00`."""
    return f"{98 - int(f'{body}271500') % 97:02d}"


def _group(text: str, *, first: int, size: int) -> str:
    rest = text[first:]
    return " ".join([text[:first], *(rest[at : at + size] for at in range(0, len(rest), size))])
