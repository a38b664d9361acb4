"""Pay on the provider's page: a new card, TWINT or PayPal (BIL-3)."""

from datetime import datetime, timedelta

from billing.gateway.registry import gateway_taking
from billing.gateway.vocabulary import MeansKind
from billing.invoices.models import Invoice
from billing.payment_methods.customers import ensure_customer
from billing.payments.balance import covers_all, part_from_balance
from billing.payments.models import PaymentAttempt, Way
from billing.payments.selectors import get_open_attempt
from billing.payments.services.begin import (
    Plan,
    begin_payment,
    begin_top_up,
    find_by_request,
    find_top_up_by_request,
)
from billing.payments.services.call import CHECKOUT_OPEN_FOR
from billing.payments.services.cancel import make_room
from billing.payments.services.prepaid import pay_from_prepaid
from billing.payments.services.send import send
from billing.payments.status import AttemptStatus
from billing.reservations.selectors import due_of
from manager.kit.actor import Actor
from manager.kit.money import Money
from organizations.profile.models import Organization

TIME_TO_PAY = timedelta(minutes=10)
"""A page that closes sooner than this is not given again."""


def start_payment(
    *,
    invoice: Invoice,
    kinds: tuple[MeansKind, ...],
    save_means: bool,
    language: str,
    actor: Actor,
    at: datetime,
    request_key: str = "",
    uses_balance: bool = False,
) -> PaymentAttempt:
    """Open the provider's page to pay an invoice; the person goes on to `attempt.redirect_url`.

    With `uses_balance` the prepaid account pays what it holds, and the page takes the rest (BIL-3): that part
    is set aside until the page is paid, cancelled or closed. Asked again for the same, it gives the same
    page, so that pressing twice is one payment.

    :raises InvoiceNotPayable: it does not wait for a payment.
    :raises PaymentInProgress: another payment of it cannot be closed at this moment.
    :raises GatewayUnavailable: the page could not be opened; nothing was charged.
    """
    earlier = find_by_request(
        organization_id=invoice.organization_id, request_key=request_key, invoice=invoice
    )
    if earlier is not None:
        return earlier
    if uses_balance and covers_all(invoice=invoice):
        return pay_from_prepaid(invoice=invoice, actor=actor, at=at, request_key=request_key)
    present = _open_page(invoice, kinds, save_means, uses_balance, at)
    if present is not None:
        return present
    gateway = gateway_taking(kind=kinds[0], currency=invoice.currency)
    plan = Plan(
        way=Way.CHECKOUT,
        gateway=gateway.name,
        customer_reference=ensure_customer(organization=invoice.organization, gateway=gateway),
        kinds=tuple(kind.value for kind in kinds),
        saves_means=save_means,
        language=language,
        request_key=request_key,
        uses_balance=uses_balance,
    )
    make_room(invoice=invoice, actor=actor, at=at)
    attempt = begin_payment(invoice=invoice, plan=plan, actor=actor, at=at)
    return send(attempt=attempt, actor=actor, at=at)


def _open_page(
    invoice: Invoice, kinds: tuple[MeansKind, ...], save_means: bool, uses_balance: bool, at: datetime
) -> PaymentAttempt | None:
    """Return the attempt whose page is open for just this, if there is one."""
    attempt = get_open_attempt(invoice=invoice)
    if attempt is None or attempt.way != Way.CHECKOUT or attempt.status != AttemptStatus.REQUIRES_ACTION:
        return None
    same = (
        attempt.kinds == [kind.value for kind in kinds]
        and attempt.saves_means == save_means
        and bool(part_from_balance(attempt)) == uses_balance
        and attempt.money == due_of(invoice=invoice)
    )
    lasts = at < attempt.created_at + CHECKOUT_OPEN_FOR - TIME_TO_PAY
    return attempt if same and lasts and attempt.redirect_url else None


def start_top_up(
    *,
    organization: Organization,
    money: Money,
    kinds: tuple[MeansKind, ...],
    save_means: bool,
    language: str,
    actor: Actor,
    at: datetime,
    request_key: str = "",
) -> PaymentAttempt:
    """Open the provider's page to top up the prepaid account by `money` (BIL-7).

    Limits are the business of `billing.prepaid`. Asked again with the same `request_key`, the same attempt
    comes back.

    :raises PaymentInProgress: one is begun under the same `request_key` at this moment.
    :raises RequestKeyReused: the key belongs to another payment.
    :raises GatewayUnavailable: the page could not be opened; nothing was charged.
    """
    earlier = find_top_up_by_request(
        organization_id=organization.pk, request_key=request_key, money=money, method=None
    )
    if earlier is not None:
        return earlier
    gateway = gateway_taking(kind=kinds[0], currency=money.currency)
    plan = Plan(
        way=Way.CHECKOUT,
        gateway=gateway.name,
        customer_reference=ensure_customer(organization=organization, gateway=gateway),
        kinds=tuple(kind.value for kind in kinds),
        saves_means=save_means,
        language=language,
        request_key=request_key,
    )
    attempt = begin_top_up(
        organization_id=organization.pk, money=money, description="", plan=plan, actor=actor, at=at
    )
    return send(attempt=attempt, actor=actor, at=at)
