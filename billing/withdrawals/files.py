"""What goes to the bank and to PayPal: payment orders as pain.001.001.09, and a list as CSV (BIL-7)."""

import csv
import io
import unicodedata
from collections.abc import Sequence
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from billing.profiles.selectors import default_entity
from billing.transfer.models import SellerAccount
from billing.transfer.selectors import get_seller_account
from billing.withdrawals.errors import NoAccount
from billing.withdrawals.models import PayoutBatch, Withdrawal
from manager.kit.clock import day_in

NAMESPACE = "urn:iso:std:iso:20022:tech:xsd:pain.001.001.09"
TAKEN = frozenset("/-?:().,'+ ")


def payment_orders(*, batch: PayoutBatch, withdrawals: Sequence[Withdrawal]) -> bytes:
    """Return the bank's file of a batch; made anew it is the same, byte for byte.

    Orders in euro are SEPA transfers with shared costs; those in francs are plain ones, as Swiss banks take
    them. The bank refuses a message id that it has seen, so that a file sent twice pays once.

    :raises NoAccount: the company has no bank account in this currency.
    """
    account = get_seller_account(legal_entity=default_entity(), currency=batch.currency)
    if account is None:
        raise NoAccount
    root = Element("Document", xmlns=NAMESPACE)
    message = SubElement(root, "CstmrCdtTrfInitn")
    total = _amount(sum(row.amount for row in withdrawals))
    header = SubElement(message, "GrpHdr")
    _text(header, "MsgId", str(batch))
    _text(header, "CreDtTm", batch.made_at.strftime("%Y-%m-%dT%H:%M:%SZ"))
    _text(header, "NbOfTxs", str(len(withdrawals)))
    _text(header, "CtrlSum", total)
    _text(SubElement(header, "InitgPty"), "Nm", _latin(account.holder, 70))
    payment = _payment(message, batch, account, count=len(withdrawals), total=total)
    for row in withdrawals:
        _order(payment, row)
    indent(root)
    return bytes(tostring(root, encoding="UTF-8", xml_declaration=True)) + b"\n"


def _payment(
    message: Element, batch: PayoutBatch, account: SellerAccount, *, count: int, total: str
) -> Element:
    payment = SubElement(message, "PmtInf")
    _text(payment, "PmtInfId", f"{batch}-1")
    _text(payment, "PmtMtd", "TRF")
    _text(payment, "BtchBookg", "true")
    _text(payment, "NbOfTxs", str(count))
    _text(payment, "CtrlSum", total)
    if batch.currency == "EUR":
        _text(SubElement(SubElement(payment, "PmtTpInf"), "SvcLvl"), "Cd", "SEPA")
    wanted_on = day_in(account.legal_entity.time_zone, batch.made_at)
    _text(SubElement(payment, "ReqdExctnDt"), "Dt", wanted_on.isoformat())
    _text(SubElement(payment, "Dbtr"), "Nm", _latin(account.holder, 70))
    _text(SubElement(SubElement(payment, "DbtrAcct"), "Id"), "IBAN", "".join(account.iban.split()))
    agent = SubElement(SubElement(payment, "DbtrAgt"), "FinInstnId")
    if account.bic:
        _text(agent, "BICFI", account.bic)
    else:
        _text(SubElement(agent, "Othr"), "Id", "NOTPROVIDED")
    if batch.currency == "EUR":
        _text(payment, "ChrgBr", "SLEV")
    return payment


def _order(payment: Element, row: Withdrawal) -> None:
    order = SubElement(payment, "CdtTrfTxInf")
    names = SubElement(order, "PmtId")
    _text(names, "InstrId", f"W{row.pk}")
    _text(names, "EndToEndId", f"W{row.pk}")
    amount = SubElement(SubElement(order, "Amt"), "InstdAmt", Ccy=row.currency)
    amount.text = _amount(row.amount)
    _text(SubElement(order, "Cdtr"), "Nm", _latin(row.holder, 70))
    _text(SubElement(SubElement(order, "CdtrAcct"), "Id"), "IBAN", row.iban)
    note = _latin(f"Withdrawal {row.pk} {row.organization.name}", 140)
    _text(SubElement(order, "RmtInf"), "Ustrd", note)


def paypal_list(*, withdrawals: Sequence[Withdrawal]) -> bytes:
    """Return PayPal's list of payouts: address, sum, currency, our reference, note."""
    text = io.StringIO()
    sheet = csv.writer(text)
    for row in withdrawals:
        sheet.writerow([row.paypal, _amount(row.amount), row.currency, f"W{row.pk}", f"Withdrawal {row.pk}"])
    return text.getvalue().encode()


def _amount(minor: int) -> str:
    return f"{minor // 100}.{minor % 100:02d}"


def _text(parent: Element, name: str, text: str) -> None:
    SubElement(parent, name).text = text


def _latin(text: str, most: int) -> str:
    """Return `text` in the letters that every bank takes: accents are left out, all else becomes a dot."""
    plain = unicodedata.normalize("NFKD", text.replace("ß", "ss").replace("&", "+"))
    kept = (sign for sign in plain if not unicodedata.combining(sign))
    taken = "".join(sign if sign in TAKEN or (sign.isascii() and sign.isalnum()) else "." for sign in kept)
    return taken[:most].strip() or "."
