"""What somebody needs to pay an invoice by bank transfer: account, reference, sum, day and code (BIL-3)."""

import base64
from dataclasses import dataclass
from datetime import date

from billing.invoices.models import Invoice
from billing.profiles.party import Party
from billing.reservations.selectors import due_of
from billing.transfer.codes import NotPayable, epc_qr_svg, qr_bill_svg
from billing.transfer.models import SellerAccount
from billing.transfer.references import QRR, Reference, reference_for_invoice
from billing.transfer.selectors import get_seller_account
from manager.kit.money import Money


@dataclass(frozen=True, slots=True)
class TransferDetails:
    """Where to transfer what. `qr_code` is an address of the picture, empty where none can be drawn."""

    holder: str
    iban: str
    bic: str
    bank_name: str
    reference: str
    amount: Money
    due_on: date
    qr_code: str

    @property
    def printed_iban(self) -> str:
        """The account in groups of four, as people read it."""
        return " ".join(self.iban[at : at + 4] for at in range(0, len(self.iban), 4))


def build_transfer_details(*, invoice: Invoice) -> TransferDetails | None:
    """Return how `invoice` is paid by transfer; None where the seller takes none in its currency."""
    account = get_seller_account(legal_entity=invoice.legal_entity, currency=invoice.currency)
    if account is None:
        return None
    reference = reference_for_invoice(invoice, account=account)
    return TransferDetails(
        holder=account.holder,
        iban=account.qr_iban if reference.kind == QRR else account.iban,
        bic=account.bic,
        bank_name=account.bank_name,
        reference=reference.printed,
        amount=due_of(invoice=invoice),
        due_on=invoice.due_on,
        qr_code=_picture(invoice, account, reference, due_of(invoice=invoice)),
    )


def _picture(invoice: Invoice, account: SellerAccount, reference: Reference, amount: Money) -> str:
    """Return the Swiss code for francs, the European one for euros, as an address of data."""
    try:
        if invoice.currency == "EUR":
            svg = epc_qr_svg(account=account, reference=reference, amount=amount)
        else:
            debtor = Party.from_json(invoice.buyer)
            svg = qr_bill_svg(account=account, reference=reference, amount=amount, debtor=debtor)
    except NotPayable:
        return ""
    return f"data:image/svg+xml;base64,{base64.b64encode(svg.encode()).decode()}"
