"""Charge a saved means: while the person is here, or without the person for renewals (BIL-10, BIL-11)."""

from collections.abc import Sequence
from datetime import datetime

from billing.gateway.errors import GatewayMisconfigured, GatewayRefused, GatewayUnavailable
from billing.gateway.registry import gateway_for
from billing.invoices.models import Invoice
from billing.payment_methods.customers import ensure_customer
from billing.payment_methods.models import PaymentMethod
from billing.payment_methods.services import MethodRemoved
from billing.payment_methods.setups import KindNotOffered
from billing.payments.balance import covers_all
from billing.payments.errors import MethodExpired
from billing.payments.models import Initiator, PaymentAttempt, Way
from billing.payments.next_means import takes
from billing.payments.selectors import get_attempt, list_attempts
from billing.payments.services.begin import (
    Plan,
    begin_payment,
    begin_top_up,
    find_by_request,
    find_top_up_by_request,
)
from billing.payments.services.cancel import make_room
from billing.payments.services.prepaid import InsufficientBalance, note_insufficient, pay_from_prepaid
from billing.payments.services.send import send
from manager.kit.actor import Actor
from manager.kit.clock import day_in
from manager.kit.money import Money
from organizations.profile.models import Organization


def pay_with_method(
    *,
    invoice: Invoice,
    method: PaymentMethod,
    actor: Actor,
    at: datetime,
    request_key: str = "",
    uses_balance: bool = False,
) -> PaymentAttempt:
    """Charge a saved means while the person is here; look at the attempt's status for what came of it.

    With `uses_balance` the prepaid account pays what it holds, and the means the rest (BIL-3).
    `requires_action` with `redirect_url`: the bank wants an approval there.

    :raises InvoiceNotPayable: it does not wait for a payment.
    :raises PaymentInProgress: another payment of it cannot be closed at this moment.
    :raises InsufficientBalance: the prepaid account does not hold enough.
    :raises MethodRemoved: the means was removed.
    :raises MethodExpired: it is a card that has ended; nobody is called.
    :raises KindNotOffered: it is not taken in this currency; nobody is called.
    """
    if method.is_prepaid:
        return pay_from_prepaid(invoice=invoice, actor=actor, at=at, method=method, request_key=request_key)
    if uses_balance and covers_all(invoice=invoice):
        return pay_from_prepaid(invoice=invoice, actor=actor, at=at, request_key=request_key)
    earlier = find_by_request(
        organization_id=invoice.organization_id, request_key=request_key, invoice=invoice
    )
    if earlier is not None:
        return earlier
    plan = _plan(invoice.organization, method, Way.ON_SESSION, Initiator.PERSON, request_key, uses_balance)
    require_usable(invoice.organization, method, invoice.currency, at)
    make_room(invoice=invoice, actor=actor, at=at)
    attempt = begin_payment(invoice=invoice, plan=plan, actor=actor, at=at)
    return send(attempt=attempt, actor=actor, at=at)


def charge_off_session(
    *,
    invoice: Invoice,
    method: PaymentMethod,
    actor: Actor,
    at: datetime,
    request_key: str = "",
    uses_balance: bool = False,
    attempts: Sequence[PaymentAttempt] | None = None,
) -> PaymentAttempt:
    """Charge a saved means without the person, all three steps, and return the attempt as it then stands.

    With `uses_balance` the prepaid account pays what it holds, and the means the rest (BIL-3).
    `request_key` names the wish, such as one scheduled day: asked for again, the same attempt comes back.
    `attempts` are those to pay the invoice, where the caller has just read them; what has begun since is
    found under the invoice's lock.
    A decline raises nothing: `status`, `decline_kind` and `decline_code` tell it. Where nobody knows (the
    answer was lost, or the provider is out of order) the attempt is left to the janitor as `unknown`.

    :raises InvoiceNotPayable: it was paid or cancelled meanwhile.
    :raises PaymentInProgress: another payment of it cannot be closed at this moment.
    :raises MethodRemoved: the means was removed.
    :raises GatewayUnavailable: the provider could not be prepared; nothing was begun.
    """
    attempts = list_attempts(invoice=invoice) if attempts is None else attempts
    earlier = next((one for one in attempts if request_key and one.request_key == request_key), None)
    if earlier is not None:
        return earlier
    if method.is_prepaid or (uses_balance and covers_all(invoice=invoice)):
        try:
            return pay_from_prepaid(
                invoice=invoice,
                actor=actor,
                at=at,
                method=method if method.is_prepaid else None,
                initiator=Initiator.RENEWAL,
                request_key=request_key,
            )
        except InsufficientBalance:
            if method.is_prepaid:
                return note_insufficient(
                    invoice=invoice, method=method, actor=actor, at=at, request_key=request_key
                )
            # Another payment took the balance just now: the means is charged what is left, as without it.
    plan = _plan(invoice.organization, method, Way.OFF_SESSION, Initiator.RENEWAL, request_key, uses_balance)
    if any(one.is_open for one in attempts):
        make_room(invoice=invoice, actor=actor, at=at)
    attempt = begin_payment(invoice=invoice, plan=plan, actor=actor, at=at)
    try:
        return send(attempt=attempt, actor=actor, at=at)
    except (GatewayUnavailable, GatewayMisconfigured, GatewayRefused):
        return get_attempt(organization=invoice.organization, attempt_id=attempt.pk)


def charge_top_up(
    *,
    organization: Organization,
    money: Money,
    method: PaymentMethod,
    request_key: str,
    actor: Actor,
    at: datetime,
) -> PaymentAttempt:
    """Charge a saved means without the person to top up the prepaid account, and return the attempt (BIL-7).

    :raises PaymentInProgress: one is open, or was begun under the same `request_key`.
    :raises MethodRemoved: the means was removed.
    :raises MethodExpired: it is a card that has ended; nobody is called.
    :raises KindNotOffered: it is not taken in this currency; nobody is called.
    :raises GatewayUnavailable: no answer; the janitor learns what came of it.
    """
    require_usable(organization, method, money.currency, at)
    plan = _plan(organization, method, Way.OFF_SESSION, Initiator.AUTO, request_key)
    attempt = begin_top_up(
        organization_id=organization.pk, money=money, description="", plan=plan, actor=actor, at=at
    )
    return send(attempt=attempt, actor=actor, at=at)


def top_up_from_method(
    *,
    organization: Organization,
    money: Money,
    method: PaymentMethod,
    request_key: str,
    actor: Actor,
    at: datetime,
) -> PaymentAttempt:
    """Charge a saved means while the person is here to top up the prepaid account, and return the attempt.

    `requires_action` with `redirect_url`: the bank wants an approval there. Limits are the business of
    `billing.prepaid`. Asked again with the same `request_key`, the same attempt comes back.

    :raises MethodRemoved: the means was removed.
    :raises MethodExpired: it is a card that has ended; nobody is called.
    :raises KindNotOffered: it is not taken in this currency; nobody is called.
    :raises PaymentInProgress: one is begun under the same `request_key` at this moment.
    :raises RequestKeyReused: the key belongs to another payment.
    """
    earlier = find_top_up_by_request(
        organization_id=organization.pk, request_key=request_key, money=money, method=method
    )
    if earlier is not None:
        return earlier
    plan = _plan(organization, method, Way.ON_SESSION, Initiator.PERSON, request_key)
    require_usable(organization, method, money.currency, at)
    attempt = begin_top_up(
        organization_id=organization.pk, money=money, description="", plan=plan, actor=actor, at=at
    )
    return send(attempt=attempt, actor=actor, at=at)


def require_usable(organization: Organization, method: PaymentMethod, currency: str, at: datetime) -> None:
    """Refuse what the provider would refuse, before it is called: another means can be chosen.

    :raises MethodExpired: a card that has ended by the organization's own day.
    :raises KindNotOffered: nobody takes such a means in `currency`, as PostFinance in euros.
    """
    if method.has_expired(day_in(organization.time_zone, at)):
        raise MethodExpired
    if not takes(method, currency):
        raise KindNotOffered


def _plan(  # noqa: PLR0917  (what both ways share)
    organization: Organization,
    method: PaymentMethod,
    way: Way,
    initiator: Initiator,
    request_key: str,
    uses_balance: bool = False,
) -> Plan:
    if method.removed_at is not None or method.organization_id != organization.pk:
        raise MethodRemoved
    return Plan(
        way=way,
        gateway=method.gateway,
        customer_reference=ensure_customer(organization=organization, gateway=gateway_for(method.gateway)),
        method=method,
        language=organization.language,
        initiator=initiator,
        request_key=request_key,
        uses_balance=uses_balance,
    )
