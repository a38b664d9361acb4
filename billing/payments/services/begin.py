"""Step one of a payment: the intent is stored, with its own key, before anybody is called (BIL-16)."""

import uuid
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet

from billing.invoices.models import Invoice
from billing.invoices.services.await_answer import require_answer
from billing.invoices.services.draft import constraint_of
from billing.invoices.services.finalize import lock_invoice
from billing.invoices.services.requote import InvoiceChanged, requote_locked
from billing.ledger.services import lock_accounts
from billing.payment_methods.models import PaymentMethod
from billing.payments.balance import balance_share
from billing.payments.errors import InvoiceNotPayable, PaymentInProgress, RequestKeyReused
from billing.payments.models import Initiator, PaymentAttempt, Purpose, Way
from billing.payments.request_keys import begun_under
from billing.payments.services.withdraw_transfer import withdraw_transfer
from billing.payments.status import AttemptStatus
from billing.reservations.selectors import reserved_for
from billing.reservations.services import reserve_prepaid
from manager.kit.actor import Actor
from manager.kit.database.rows import insert_row
from manager.kit.money import Money
from manager.kit.prepared import Prepared

ONE_AT_A_TIME = frozenset({"attempt_one_auto_top_up", "attempt_once_per_request"})
"""What refuses a top-up because another one is under way; any other refusal is a fault and told as one."""

LEASE = timedelta(seconds=50)
"""So long nobody else touches an attempt whose provider is being called; then its worker counts as dead.

With the minute between two beats that is less than two minutes (BIL-16).
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How the money shall be taken; all that the call to the provider is made of, stored before the call."""

    way: Way
    gateway: str
    customer_reference: str = ""
    method: PaymentMethod | None = None
    kinds: tuple[str, ...] = ()
    saves_means: bool = False
    language: str = "en"
    initiator: Initiator = Initiator.PERSON
    request_key: str = ""
    uses_balance: bool = False


def begin_payment(*, invoice: Invoice, plan: Plan, actor: Actor, at: datetime) -> PaymentAttempt:
    """Commit a new attempt to pay `invoice`, leased to the caller.

    It charges what the invoice still costs. A plan that uses the balance sets that part of it aside in the
    same commit, so that the attempt charges the rest only (BIL-3).

    :raises InvoiceNotPayable: it does not wait for a payment.
    :raises PaymentInProgress: another attempt is open.
    :raises VatNumberBeingChecked: a register is being asked about its number at this moment.
    :raises InvoiceChanged: a person is paying, and the total has changed with the VAT (BIL-6).
    """
    require_answer(invoice=invoice, at=at)
    with transaction.atomic(durable=True):
        # The lock that this takes is kept until the attempt stands: nobody cancels in between.
        room = find_room(invoice=invoice, request_key=plan.request_key)
        is_free = not room.reserved
        has_changed = is_free and requote_locked(invoice=room.invoice, actor=actor, at=at)
        if not has_changed or plan.initiator != Initiator.PERSON:
            return insert_attempt(room=room, plan=plan, actor=actor, at=at)
    raise InvoiceChanged(invoice=invoice.pk)


def begin_top_up(
    *, organization_id: int, money: Money, description: str, plan: Plan, actor: Actor, at: datetime
) -> PaymentAttempt:
    """Commit a new attempt to top up the prepaid account by `money`, leased to the caller (BIL-7).

    :raises PaymentInProgress: an automatic one is open, or one was begun under the same request key.
    """
    try:
        with transaction.atomic(durable=True):
            return PaymentAttempt.objects.create(
                purpose=Purpose.TOP_UP,
                organization_id=organization_id,
                amount=money.amount,
                currency=money.currency,
                description=description,
                **_planned(plan, actor, at),
            )
    except IntegrityError as error:
        if constraint_of(error) in ONE_AT_A_TIME:
            raise PaymentInProgress from error
        raise


@dataclass(frozen=True, slots=True)
class Room:
    """A locked invoice for which an attempt can begin, what is set aside for it, and its last attempt."""

    invoice: Invoice
    reserved: Money
    last_sequence: int

    @property
    def due(self) -> Money:
        """What it still costs."""
        return self.invoice.total - self.reserved


def find_room(*, invoice: Invoice, request_key: str = "") -> Room:
    """Lock the invoice and let one attempt at a time begin for it, and one for each request key.

    :raises InvoiceNotPayable: it does not wait for a payment.
    :raises PaymentInProgress: another one is open, or has just been begun by the same request.
    """
    locked = lock_invoice(invoice)
    room = Room(locked, reserved_for(invoice=locked), 0)
    if not locked.is_payable or room.due.amount <= 0:
        raise InvoiceNotPayable(status=str(locked.status))
    named = {"request_key": request_key} if request_key else {}
    known = _KNOWN.fetch(organization_id=locked.organization_id, invoice_id=locked.pk, **named)
    if any(row.is_open or (request_key and row.request_key == request_key) for row in known):
        raise PaymentInProgress
    return replace(room, last_sequence=max((row.sequence for row in known), default=0))


def _build_known(*, organization_id: int, invoice_id: int, request_key: str = "") -> QuerySet[PaymentAttempt]:
    wanted = Q(invoice_id=invoice_id)
    if request_key:
        wanted |= Q(request_key=request_key)
    return PaymentAttempt.objects.filter(wanted, organization_id=organization_id)


_KNOWN: Prepared[PaymentAttempt] = Prepared(_build_known, planned_once=True)


def insert_attempt(*, room: Room, plan: Plan, actor: Actor, at: datetime) -> PaymentAttempt:
    """Insert the next attempt of a locked invoice; a transfer that was announced for it is withdrawn."""
    invoice = room.invoice
    withdraw_transfer(invoice=invoice, actor=actor, at=at)
    part = Money.zero(invoice.currency)
    if plan.uses_balance:
        lock_accounts(organization=invoice.organization, currency=invoice.currency)
        part = balance_share(invoice=invoice)
    attempt = PaymentAttempt(
        purpose=Purpose.INVOICE,
        organization_id=invoice.organization_id,
        invoice=invoice,
        sequence=room.last_sequence + 1,
        amount=(room.due - part).amount,
        currency=invoice.currency,
        description=str(invoice),
        **_planned(plan, actor, at),
    )
    insert_row(attempt)
    if part:
        key = f"attempt:{attempt.pk}"
        reserve_prepaid(invoice=invoice, money=part, key=key, actor=actor, at=at, attempt_id=attempt.pk)
    return attempt


def _planned(plan: Plan, actor: Actor, at: datetime) -> dict[str, object]:
    return {
        "way": plan.way,
        "gateway": plan.gateway,
        "customer_reference": plan.customer_reference,
        "method": plan.method,
        "kinds": list(plan.kinds),
        "saves_means": plan.saves_means,
        "language": plan.language,
        "initiator": plan.initiator,
        "initiated_by": actor.user_id,
        "request_key": plan.request_key,
        "status": AttemptStatus.CREATED,
        "idempotency_key": f"attempt-{uuid.uuid4().hex}",
        "lease_until": at + LEASE,
        "fence": 1,
        "created_at": at,
    }


def find_by_request(*, organization_id: int, request_key: str, invoice: Invoice) -> PaymentAttempt | None:
    """Return the attempt that an earlier request with the same key began (API-5).

    :raises RequestKeyReused: the key belongs to the payment of something else.
    """
    if not request_key:
        return None
    attempt = PaymentAttempt.objects.filter(begun_under(request_key), organization_id=organization_id).first()
    if attempt is not None and attempt.invoice_id != invoice.pk:
        raise RequestKeyReused
    return attempt


def find_top_up_by_request(
    *, organization_id: int, request_key: str, money: Money, method: PaymentMethod | None
) -> PaymentAttempt | None:
    """Return the top-up that an earlier request of a person with the same key began (API-5).

    :raises RequestKeyReused: the key belongs to another payment.
    """
    if not request_key:
        return None
    attempt = PaymentAttempt.objects.filter(begun_under(request_key), organization_id=organization_id).first()
    if attempt is None:
        return None
    same = (Purpose.TOP_UP, Initiator.PERSON, money, method and method.pk)
    if (attempt.purpose, attempt.initiator, attempt.money, attempt.method_id) != same:
        raise RequestKeyReused
    return attempt


def take(*, attempt: PaymentAttempt, at: datetime) -> PaymentAttempt:
    """Commit a new lease on the attempt and return it as it stands; results of older fences count no more."""
    with transaction.atomic(durable=True):
        row = PaymentAttempt.objects.select_for_update().get(
            pk=attempt.pk, organization_id=attempt.organization_id
        )
        row.fence += 1
        if row.is_open:
            row.lease_until = at + LEASE
        row.save(update_fields=["fence", "lease_until"])
    return row
