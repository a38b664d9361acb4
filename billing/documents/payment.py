"""How a document can be paid by transfer: the Swiss payment part, or the European code (BIL-17)."""

import logging
import re
from dataclasses import dataclass
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _
from qrbill.bill import LABELS
from stdnum import iban as ibans

from billing.documents.sheet import facts
from billing.invoices.models import Invoice
from billing.profiles.party import Party
from billing.transfer.codes import NotPayable, epc_qr_svg, qr_bill_svg
from billing.transfer.models import SellerAccount
from billing.transfer.references import QRR, Reference, reference_for_invoice
from billing.transfer.selectors import get_seller_account
from manager.kit.money import Money

logger = logging.getLogger(__name__)

SWISS, EPC = "swiss", "epc"
"""Which part a document has; the second one is also that of an account without a code."""


@dataclass(frozen=True, slots=True)
class PaidTo:
    """Where an invoice can be transferred to: the account, its IBAN for this reference, the reference."""

    account: SellerAccount
    iban: str
    code: Reference

    @property
    def reference(self) -> str:
        """The reference as machines read it."""
        return self.code.text


def find_account(invoice: Invoice) -> PaidTo | None:
    """Return where `invoice` can be paid to, or None where it is paid or its seller takes no transfers."""
    if not invoice.is_payable or invoice.total_amount <= 0:
        return None
    account = get_seller_account(legal_entity=invoice.legal_entity, currency=invoice.currency)
    if account is None:
        return None
    code = reference_for_invoice(invoice, account=account)
    return PaidTo(account, account.qr_iban if code.kind == QRR else account.iban, code)


def payment_content(invoice: Invoice, *, message: str) -> dict[str, Any] | None:
    """Return how to pay `invoice` by transfer, or None where it is paid or its seller takes none.

    The part of an invoice in Swiss francs is the Swiss one; euros are asked for by the European code.
    """
    paid_to = find_account(invoice)
    if paid_to is None:
        return None
    try:
        if invoice.currency == "CHF":
            return _swiss(paid_to, invoice, message)
        return _european(paid_to, invoice)
    except NotPayable as error:
        logger.warning("Invoice %s cannot be written as a payment code: %s", invoice.pk, error)
        return _told(paid_to, invoice, None)


def _swiss(paid_to: PaidTo, invoice: Invoice, message: str) -> dict[str, Any]:
    account, reference = paid_to.account, paid_to.code
    debtor = Party.from_json(invoice.buyer)
    code = qr_bill_svg(
        account=account, reference=reference, amount=invoice.total, debtor=debtor, message=message
    )
    holder = Party.from_json({**Party.of_entity(account.legal_entity).as_json(), "name": account.holder})
    return {
        "kind": SWISS,
        "code": code,
        "alt": _("Swiss QR code with which %(amount)s can be paid") % {"amount": invoice.total.format()},
        "labels": _swiss_labels(),
        "creditor": [ibans.format(paid_to.iban), *_address_lines(holder)],
        "reference": reference.printed,
        "information": message,
        "currency": invoice.currency,
        "amount": _grouped(invoice.total),
        "debtor": _address_lines(debtor),
    }


def _european(paid_to: PaidTo, invoice: Invoice) -> dict[str, Any]:
    return _told(
        paid_to,
        invoice,
        epc_qr_svg(account=paid_to.account, reference=paid_to.code, amount=invoice.total),
    )


def _told(paid_to: PaidTo, invoice: Invoice, code: str | None) -> dict[str, Any]:
    """Return the account and the reference in words, beside the `code` where one can be written."""
    account = paid_to.account
    lines = [
        (_("Payable to"), account.holder),
        (_("IBAN"), ibans.format(paid_to.iban)),
        *([(_("BIC"), account.bic)] if account.bic else []),
        (_("Bank"), account.bank_name),
        (_("Reference"), paid_to.code.printed),
        (_("Amount"), invoice.total.format()),
    ]
    scan = _("Scan the code with your bank's application, or give this reference with your transfer.")
    return {
        "kind": EPC,
        "code": code,
        "alt": _("European QR code with which %(amount)s can be paid") % {"amount": invoice.total.format()},
        "heading": _("Pay by transfer"),
        "facts": facts(*lines),
        "hint": scan if code else _("Please give this reference with your transfer."),
    }


def _swiss_labels() -> dict[str, str]:
    """Return the words that the Swiss standard prescribes; it has no Spanish ones, so English stands in."""
    language = (get_language() or "en")[:2]

    def say(english: str) -> str:
        return str(LABELS[english].get(language, english))

    return {
        "part": say("Payment part"),
        "receipt": say("Receipt"),
        "account": say("Account / Payable to"),
        "reference": say("Reference"),
        "information": say("Additional information"),
        "currency": say("Currency"),
        "amount": say("Amount"),
        "acceptance": say("Acceptance point"),
        "separate": say("Separate before paying in"),
        "debtor": say("Payable by"),
        "blank_debtor": say("Payable by (name/address)"),
    }


def _address_lines(party: Party) -> list[str]:
    """Return the address as the standard prints it: the country's code before the postal code, if foreign."""
    place = party.locality if party.country == "CH" else f"{party.country}-{party.locality}"
    return [line for line in (party.name[:70], party.street[:70], place) if line.strip()]


def _grouped(amount: Money) -> str:
    """Return the amount as the standard prints it, such as `1 949.75`."""
    return re.sub(r"(?<=\d)(?=(\d{3})+\.)", " ", str(amount.as_decimal()))
