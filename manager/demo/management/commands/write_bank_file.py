"""`manage.py write_bank_file`: a camt.054 file that pays the transfers that were announced, to try them."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from billing.invoices.models import Invoice
from billing.payments.models import AnnouncedTransfer
from billing.reservations.models import Reservation
from billing.transfer.models import SellerAccount
from billing.transfer.references import reference_for_invoice
from manager.demo.bank.writer import Line, Transfer, write_camt
from manager.kit.clock import now


class Command(BaseCommand):
    """Be the customers' bank: pay what waits for a transfer, exactly, one file for each account."""

    help = "Write camt.054 files that pay all announced transfers; read them at /staff/bank/upload/."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the folder."""
        parser.add_argument("folder", nargs="?", default=".", help="where the files go (here by default)")

    def handle(self, *args: Any, **options: Any) -> None:
        """Write the files and name them."""
        waiting = AnnouncedTransfer.objects.using("system").filter(
            withdrawn_at=None, invoice__status__in=["draft", "open"]
        )
        invoices = [one.invoice for one in waiting.select_related("invoice__legal_entity").order_by("pk")]
        at = now()
        written = 0
        for account in SellerAccount.objects.select_related("legal_entity"):
            mine = [one for one in invoices if _is_on(one, account)]
            if not mine:
                continue
            lines = [_pay(one, account) for one in mine]
            name = f"camt054-{account.currency}-{at:%Y%m%d-%H%M%S}.xml"
            content = write_camt(
                lines, iban=account.iban, currency=account.currency, message_id=f"DEMO-{at:%Y%m%d%H%M%S}"
            )
            Path(options["folder"]).joinpath(name).write_bytes(content)
            self.stdout.write(f"{name}: {len(lines)} payments")
            written += 1
        if not written:
            self.stdout.write("No transfer is announced: choose bank transfer at the payment of an invoice.")


def _is_on(invoice: Invoice, account: SellerAccount) -> bool:
    return (invoice.legal_entity_id, invoice.currency) == (account.legal_entity_id, account.currency)


def _pay(invoice: Invoice, account: SellerAccount) -> Line:
    set_aside = Reservation.objects.using("system").filter(
        invoice_id=invoice.pk, captured_at=None, released_at=None
    )
    due = invoice.total_amount - sum(one.amount for one in set_aside)
    reference = reference_for_invoice(invoice, account=account).text
    named = f"DEMO-{invoice.pk}-{due}"
    paid = Transfer(amount=due, reference=reference, name=str(invoice.buyer["name"]), bank_reference=named)
    return Line(amount=due, on=now().date(), transfers=[paid], bank_reference=named)
