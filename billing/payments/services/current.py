"""Before money is taken, the VAT of a draft is that of today (BIL-6)."""

from datetime import datetime

from billing.invoices.models import Invoice
from billing.invoices.services.await_answer import require_answer
from billing.invoices.services.requote import require_current, requote_draft
from billing.payments.models import Initiator
from manager.kit.actor import Actor


def bring_up_to_date(*, invoice: Invoice, initiator: str, actor: Actor, at: datetime) -> None:
    """Compute the VAT of a draft anew; a person who saw another total is asked once more.

    A charge without the person takes the new total. Runs outside of a transaction.

    :raises VatNumberBeingChecked: a register is being asked about its number at this moment.
    :raises InvoiceChanged: a person is paying, and the total is another one now.
    """
    require_answer(invoice=invoice, at=at)
    if initiator == Initiator.PERSON:
        require_current(invoice=invoice, actor=actor, at=at)
    else:
        requote_draft(invoice=invoice, actor=actor, at=at)
