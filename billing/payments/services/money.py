"""Money has arrived: it pays what it was sent for, or is kept for the organization (PRD-6)."""

import logging
from collections.abc import Iterable
from copy import copy
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils import translation

from billing.invoices.services.settle import settle_locked
from billing.ledger.models import AccountKind
from billing.ledger.services import post_journal
from billing.payment_methods.models import MethodKind
from billing.payments.models import PaymentAttempt, Purpose
from billing.payments.services.auto_renew import switch_on_renewal
from billing.reservations.models import Reservation, ReservationSource
from billing.reservations.selectors import list_open_of
from billing.reservations.services import release_reservations
from billing.tax.proofs import CARD
from manager.kit.actor import Actor
from manager.kit.errors import DomainError
from manager.kit.money import Money
from manager.outbox.publish import publish
from organizations.audit.services import record_audit

logger = logging.getLogger(__name__)


def take_in(*, attempt: PaymentAttempt, received: Money, actor: Actor, at: datetime) -> None:
    """Use the money of an attempt that has become SUCCEEDED, in the transaction that says so.

    Its invoice is the one that `lock_invoice` gave to the caller.

    Together with what is set aside for it, it pays its invoice; money over the whole of it gives back what
    was set aside. An invoice that is paid or cancelled meanwhile, or of another sum, leaves the money on the
    prepaid account, with the part of the balance that waited for this attempt. The caller holds the locks of
    the invoice and the attempt, and saves the attempt.
    """
    if attempt.purpose == Purpose.TOP_UP:
        _credit(attempt, received, kind="top_up", at=at)
        facts = {"attempt": attempt.pk, "amount": received.amount, "currency": received.currency}
        record_audit(
            organization_id=attempt.organization_id,
            name="prepaid.topped_up",
            actor=actor,
            at=at,
            subject=attempt,
            **facts,
        )
        publish("prepaid.topped_up", organization_id=attempt.organization_id, payload=facts, at=at)
    elif not _pays_invoice(attempt, received, actor, at):
        _keep(attempt, received, actor, at)
    publish(
        "payment.succeeded",
        organization_id=attempt.organization_id,
        payload={"attempt": attempt.pk, "invoice": attempt.invoice_id, "purpose": attempt.purpose},
        at=at,
    )


def _pays_invoice(attempt: PaymentAttempt, received: Money, actor: Actor, at: datetime) -> bool:
    invoice = attempt.invoice
    if invoice is None or not invoice.is_payable:
        return False
    set_aside = list_open_of(invoice=invoice)
    in_whole = received == invoice.total
    due = invoice.total - Money.total((row.money for row in set_aside), invoice.currency)
    if not in_whole and received != due:
        return False
    try:
        with transaction.atomic():
            if in_whole and set_aside:  # nothing else is needed
                release_reservations(invoice=invoice, at=at)
            attempt.invoice = settle_locked(
                invoice=copy(invoice),  # stays as it was, should all of this be taken back
                source=AccountKind.PROVIDER,
                reference=attempt.ledger_reference,
                paid_with=paid_with(attempt, [] if in_whole else set_aside),
                paid_from={CARD: card_country_of(attempt)},
                actor=actor,
                at=at,
            )
    except (DomainError, IntegrityError):
        # The money is here: it is recorded in any case, and staff see why the invoice stayed open.
        logger.exception("Attempt %s is paid, but invoice %s could not be settled.", attempt.pk, invoice.pk)
        return False
    if attempt.method_id is not None:
        switch_on_renewal(invoice=invoice, actor=actor, at=at)
    return True


def _keep(attempt: PaymentAttempt, received: Money, actor: Actor, at: datetime) -> None:
    attempt.is_credited = True
    if attempt.invoice is not None:
        release_reservations(invoice=attempt.invoice, at=at, attempt_id=attempt.pk)
    _credit(attempt, received, kind="late_payment", at=at)
    facts = {
        "attempt": attempt.pk,
        "invoice": attempt.invoice_id,
        "amount": received.amount,
        "currency": received.currency,
    }
    record_audit(
        organization_id=attempt.organization_id,
        name="payment.credited",
        actor=actor,
        at=at,
        subject=attempt,
        **facts,
    )
    publish("payment.credited", organization_id=attempt.organization_id, payload=facts, at=at)


def _credit(attempt: PaymentAttempt, received: Money, *, kind: str, at: datetime) -> None:
    post_journal(
        organization=attempt.organization,
        reference=attempt.ledger_reference,
        kind=kind,
        currency=received.currency,
        invoice_id=attempt.invoice_id,
        entries=[(AccountKind.PROVIDER, -received.amount), (AccountKind.PREPAID, received.amount)],
        at=at,
    )


def card_country_of(attempt: PaymentAttempt) -> str:
    """Return where the card of an attempt was issued, "" where nobody told (BIL-6)."""
    return attempt.means_country or (attempt.method.country if attempt.method is not None else "")


def paid_with(attempt: PaymentAttempt, set_aside: Iterable[Reservation]) -> str:
    """Return the means as documents name it, such as `Visa •••• 4242`, in the organization's language.

    What is `set_aside` for the invoice and pays its part comes first: `Prepaid account + Visa •••• 4242`.
    """
    with translation.override(attempt.organization.language):
        means = (
            attempt.method.label
            if attempt.method is not None
            else " / ".join(str(MethodKind(kind).label) for kind in attempt.kinds)
        )
        sources = dict.fromkeys(row.source for row in set_aside)
        parts = [str(ReservationSource(source).label) for source in sources]
    return " + ".join([*parts, means])
