"""Pay by bank transfer: nothing is charged, the money is announced and arrives by itself (BIL-3)."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from billing.invoices.models import Invoice
from billing.payments.models import AnnouncedTransfer, Initiator
from billing.payments.selectors import get_announced_transfer
from billing.payments.services.begin import find_room
from billing.payments.services.cancel import make_room
from billing.payments.services.current import bring_up_to_date
from billing.transfer.selectors import takes_transfers
from manager.kit.actor import Actor
from manager.kit.errors import DomainError
from manager.outbox.publish import publish
from organizations.audit.services import record_audit


class TransferNotOffered(DomainError):
    """The seller has no bank account in this currency."""

    code = "transfer_not_offered"
    status = 422
    message = _("This invoice cannot be paid by bank transfer. Please choose another means.")


def announce_transfer(*, invoice: Invoice, actor: Actor, at: datetime) -> AnnouncedTransfer:
    """Note that an invoice will be paid by bank transfer, and return the announcement.

    Nothing is charged. A payment that was begun is closed first, so that nothing is paid twice. Announced
    again, it is the same row. Publishes `transfer.announced`. Runs outside of a transaction.

    :raises TransferNotOffered: the seller takes no transfers in this currency.
    :raises InvoiceNotPayable: it does not wait for a payment.
    :raises PaymentInProgress: another payment of it cannot be closed at this moment.
    :raises InvoiceChanged: the total has changed with the VAT (BIL-6).
    """
    if not takes_transfers(legal_entity=invoice.legal_entity, currency=invoice.currency):
        raise TransferNotOffered
    make_room(invoice=invoice, actor=actor, at=at)
    bring_up_to_date(invoice=invoice, initiator=Initiator.PERSON, actor=actor, at=at)
    with transaction.atomic(durable=True):
        locked = find_room(invoice=invoice).invoice
        present = get_announced_transfer(invoice=locked)
        if present is not None:
            return present
        row = AnnouncedTransfer.objects.create(
            organization_id=locked.organization_id, invoice=locked, chosen_by=actor.user_id, chosen_at=at
        )
        record_audit(
            organization_id=locked.organization_id,
            name="transfer.announced",
            actor=actor,
            at=at,
            subject=locked,
            amount=locked.total_amount,
            currency=locked.currency,
        )
        publish(
            "transfer.announced",
            organization_id=locked.organization_id,
            payload={"invoice": locked.pk, "transfer": row.pk},
            at=at,
        )
    return row
