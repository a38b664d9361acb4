"""Pay a whole invoice from the prepaid account; no provider takes part (BIL-7)."""

from dataclasses import replace
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from billing.gateway.vocabulary import FailureKind
from billing.invoices.models import Invoice
from billing.invoices.services.settle import settle_locked
from billing.ledger.models import AccountKind
from billing.ledger.selectors import get_balance
from billing.payment_methods.models import PaymentMethod
from billing.payment_methods.selectors import PREPAID_GATEWAY
from billing.payment_methods.services import use_prepaid
from billing.payments.models import Initiator, PaymentAttempt, Purpose, Way
from billing.payments.services.auto_renew import switch_on_renewal
from billing.payments.services.begin import Plan, find_by_request, find_room, insert_attempt
from billing.payments.services.cancel import make_room
from billing.payments.services.current import bring_up_to_date
from billing.payments.services.money import card_country_of, paid_with
from billing.payments.services.settle import tell_failed
from billing.payments.status import TRANSITIONS, AttemptStatus
from billing.reservations.selectors import due_of, open_reservations
from billing.tax.proofs import CARD
from manager.kit.actor import Actor
from manager.kit.errors import DomainError
from manager.kit.status import transition
from manager.outbox.publish import publish

NOT_BELOW_ZERO = "prepaid_not_negative"
INSUFFICIENT = "insufficient_balance"


class InsufficientBalance(DomainError):
    """The prepaid account does not hold enough for the whole invoice."""

    code = INSUFFICIENT
    message = _("The balance of the prepaid account is not enough for this invoice.")


def pay_from_prepaid(
    *,
    invoice: Invoice,
    actor: Actor,
    at: datetime,
    method: PaymentMethod | None = None,
    initiator: Initiator = Initiator.PERSON,
    request_key: str = "",
) -> PaymentAttempt:
    """Pay the invoice from the prepaid account, in one transaction, and return the attempt.

    From then on the account is one of the means that renewals can use, and the products renew by themselves
    (BIL-10).

    :raises InsufficientBalance: the balance does not cover the whole invoice; it is never negative.
    :raises InvoiceNotPayable: it does not wait for a payment.
    :raises PaymentInProgress: another payment of it cannot be closed at this moment.
    :raises InvoiceChanged: a person is paying, and the total has changed with the VAT (BIL-6).
    """
    earlier = find_by_request(
        organization_id=invoice.organization_id, request_key=request_key, invoice=invoice
    )
    if earlier is not None:
        return earlier
    _require_balance(invoice)
    make_room(invoice=invoice, actor=actor, at=at)
    bring_up_to_date(invoice=invoice, initiator=initiator, actor=actor, at=at)
    plan = replace(_PLAN, method=method, initiator=initiator, request_key=request_key)
    try:
        with transaction.atomic(durable=True):
            room = find_room(invoice=invoice, request_key=request_key)
            attempt = insert_attempt(room=room, plan=plan, actor=actor, at=at)
            return _settle(attempt, room.invoice, actor, at)
    except IntegrityError as error:
        if NOT_BELOW_ZERO in str(error):
            raise InsufficientBalance from error
        raise


_PLAN = Plan(way=Way.PREPAID, gateway=PREPAID_GATEWAY)


def _require_balance(invoice: Invoice) -> None:
    balance = get_balance(
        organization=invoice.organization, kind=AccountKind.PREPAID, currency=invoice.currency
    )
    due = due_of(invoice=invoice)
    if balance < due:
        raise InsufficientBalance(balance=balance, needed=due)


def _settle(attempt: PaymentAttempt, invoice: Invoice, actor: Actor, at: datetime) -> PaymentAttempt:
    if attempt.method is None:
        attempt.method = use_prepaid(organization=invoice.organization, actor=actor, at=at)
    transition(attempt, AttemptStatus.SUCCEEDED, TRANSITIONS)
    attempt.finished_at = at
    attempt.lease_until = None
    attempt.save()
    set_aside = open_reservations(organization_id=invoice.organization_id).filter(invoice=invoice)
    attempt.invoice = settle_locked(
        invoice=invoice,
        source=AccountKind.PREPAID,
        reference=attempt.ledger_reference,
        paid_with=paid_with(attempt, set_aside),
        paid_from={CARD: _card_of_top_up(attempt)},
        actor=actor,
        at=at,
    )
    switch_on_renewal(invoice=invoice, actor=actor, at=at)
    publish(
        "payment.succeeded",
        organization_id=attempt.organization_id,
        payload={"attempt": attempt.pk, "invoice": attempt.invoice_id, "purpose": attempt.purpose},
        at=at,
    )
    return attempt


def _card_of_top_up(attempt: PaymentAttempt) -> str:
    """Return where the card was issued that topped the account up last: a balance has no country (BIL-6)."""
    top_ups = PaymentAttempt.objects.select_related("method").filter(
        organization_id=attempt.organization_id, purpose=Purpose.TOP_UP, status=AttemptStatus.SUCCEEDED
    )
    last = top_ups.order_by("-pk").first()
    return card_country_of(last) if last is not None else ""


def note_insufficient(
    *, invoice: Invoice, method: PaymentMethod, actor: Actor, at: datetime, request_key: str = ""
) -> PaymentAttempt:
    """Record that a renewal found too little on the prepaid account, as a decline that may be tried again."""
    plan = replace(_PLAN, method=method, initiator=Initiator.RENEWAL, request_key=request_key)
    with transaction.atomic(durable=True):
        room = find_room(invoice=invoice, request_key=request_key)
        attempt = insert_attempt(room=room, plan=plan, actor=actor, at=at)
        transition(attempt, AttemptStatus.FAILED, TRANSITIONS)
        attempt.finished_at = at
        attempt.lease_until = None
        attempt.decline_code = INSUFFICIENT
        attempt.decline_kind = FailureKind.SOFT.value
        attempt.decline_message = INSUFFICIENT
        attempt.save()
        tell_failed(attempt, at)
    return attempt
