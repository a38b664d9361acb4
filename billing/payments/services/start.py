"""Pay on the provider's page: a new card, TWINT or PayPal (BIL-3)."""

from datetime import datetime, timedelta

from billing.gateway.registry import default_gateway
from billing.gateway.vocabulary import MeansKind
from billing.invoices.models import Invoice
from billing.payment_methods.customers import ensure_customer
from billing.payments.models import PaymentAttempt, Way
from billing.payments.selectors import get_open_attempt
from billing.payments.services.begin import Plan, begin_payment, begin_top_up, find_by_request
from billing.payments.services.call import CHECKOUT_OPEN_FOR
from billing.payments.services.cancel import make_room
from billing.payments.services.send import send
from billing.payments.status import AttemptStatus
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
) -> PaymentAttempt:
    """Open the provider's page to pay an invoice; the person goes on to `attempt.redirect_url`.

    Asked again for the same, it gives the same page, so that pressing twice is one payment.

    :raises InvoiceNotPayable: it does not wait for a payment.
    :raises PaymentInProgress: another payment of it cannot be closed at this moment.
    :raises GatewayUnavailable: the page could not be opened; nothing was charged.
    """
    earlier = find_by_request(
        organization_id=invoice.organization_id, request_key=request_key, invoice=invoice
    )
    if earlier is not None:
        return earlier
    present = _open_page(invoice, kinds, save_means, at)
    if present is not None:
        return present
    gateway = default_gateway()
    plan = Plan(
        way=Way.CHECKOUT,
        gateway=gateway.name,
        customer_reference=ensure_customer(organization=invoice.organization, gateway=gateway),
        kinds=tuple(kind.value for kind in kinds),
        saves_means=save_means,
        language=language,
        request_key=request_key,
    )
    make_room(invoice=invoice, actor=actor, at=at)
    attempt = begin_payment(invoice=invoice, plan=plan, actor=actor, at=at)
    return send(attempt=attempt, actor=actor, at=at)


def _open_page(
    invoice: Invoice, kinds: tuple[MeansKind, ...], save_means: bool, at: datetime
) -> PaymentAttempt | None:
    """Return the attempt whose page is open for just this, if there is one."""
    attempt = get_open_attempt(invoice=invoice)
    if attempt is None or attempt.way != Way.CHECKOUT or attempt.status != AttemptStatus.REQUIRES_ACTION:
        return None
    same = (
        attempt.kinds == [kind.value for kind in kinds]
        and attempt.saves_means == save_means
        and attempt.money == invoice.total
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
) -> PaymentAttempt:
    """Open the provider's page to top up the prepaid account by `money` (BIL-7).

    Limits are the business of `billing.prepaid`.

    :raises GatewayUnavailable: the page could not be opened; nothing was charged.
    """
    gateway = default_gateway()
    plan = Plan(
        way=Way.CHECKOUT,
        gateway=gateway.name,
        customer_reference=ensure_customer(organization=organization, gateway=gateway),
        kinds=tuple(kind.value for kind in kinds),
        saves_means=save_means,
        language=language,
    )
    attempt = begin_top_up(
        organization_id=organization.pk, money=money, description="", plan=plan, actor=actor, at=at
    )
    return send(attempt=attempt, actor=actor, at=at)
