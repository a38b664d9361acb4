"""Step two of a payment: the provider is called, outside of any transaction (BIL-16)."""

from datetime import datetime, timedelta

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from billing.gateway.errors import GatewayRefused
from billing.gateway.registry import gateway_for
from billing.gateway.vocabulary import ChargeIntent, ChargeResult, ChargeState, MeansKind, Origin
from billing.payments.models import PaymentAttempt, Purpose, Way
from billing.payments.pace import TOO_FAST, has_turn, heed
from manager.kit.clock import now
from manager.kit.points import reach

CHECKOUT_OPEN_FOR = timedelta(minutes=60)
"""How long the person has on the provider's page (it takes 30 minutes to 24 hours)."""

CHECKOUT_SENT_AGAIN_FOR = timedelta(minutes=25)
CHARGE_SENT_AGAIN_FOR = timedelta(hours=23)
"""The provider knows an idempotency key for 24 hours: later, the same call would be a second charge."""


def call_provider(attempt: PaymentAttempt) -> ChargeResult:
    """Make the attempt's one call, word for word the same each time, under the attempt's own key.

    :raises GatewayUnavailable: a page could not be opened; nothing was charged.
    :raises GatewayMisconfigured: the provider does not accept our key.
    :raises GatewayRefused: the provider does not accept what we sent; nothing was charged by this call.
    """
    return _open_page(attempt) if attempt.way == Way.CHECKOUT else _charge(attempt)


def _open_page(attempt: PaymentAttempt) -> ChargeResult:
    start = gateway_for(attempt.gateway).start_checkout(
        charge=intent_of(attempt),
        kinds=tuple(MeansKind(kind) for kind in attempt.kinds),
        save_means=attempt.saves_means,
        success_url=return_url(attempt),
        cancel_url=cancel_url(attempt),
        language=attempt.language,
        expires_at=attempt.created_at + CHECKOUT_OPEN_FOR,
        idempotency_key=attempt.idempotency_key,
    )
    return ChargeResult(
        state=ChargeState.REQUIRES_ACTION,
        reference=start.reference,
        action_url=start.redirect_url,
        amount=attempt.money,
    )


def _charge(attempt: PaymentAttempt) -> ChargeResult:
    method = attempt.method
    if method is None:
        raise GatewayRefused(provider_code="no_means")
    gateway, charge = gateway_for(attempt.gateway), intent_of(attempt)
    # Last of all: what is sent soon after its turn arrives as evenly as turns are given out.
    if not has_turn(attempt):
        return TOO_FAST
    reach("charge.before_call", attempt.organization_id)
    result = gateway.charge_saved_means(
        charge=charge,
        means_reference=method.reference,
        means_kind=MeansKind(method.kind),
        idempotency_key=attempt.idempotency_key,
        return_url=return_url(attempt) if attempt.way == Way.ON_SESSION else "",
    )
    reach("charge.after_call", attempt.organization_id)
    return heed(attempt, result)


def ask_provider(attempt: PaymentAttempt, at: datetime) -> ChargeResult:
    """Return what the provider knows of the attempt; only what it has never seen is sent (again).

    By the stored reference, else by the attempt's id in the provider's own lists. `None` from there and a key
    that the provider still remembers: the very same call, so that a first one that is still on its way and
    this one are one charge.

    :raises DomainError: as `call_provider`.
    """
    gateway = gateway_for(attempt.gateway)
    if not has_turn(attempt):
        return TOO_FAST
    if attempt.reference:
        return heed(attempt, gateway.retrieve(reference=attempt.reference))
    found = gateway.find(
        customer_reference=attempt.customer_reference,
        attempt_id=attempt.pk,
        # The provider's clock is the real one, also when periodic work is done as of a later day.
        since=min(attempt.created_at, now()),
    )
    if found is not None:
        return heed(attempt, found)
    if not attempt.is_open or at - attempt.created_at > sent_again_for(attempt):
        return ChargeResult(state=ChargeState.CANCELED)
    return call_provider(attempt)


def sent_again_for(attempt: PaymentAttempt) -> timedelta:
    """Return how long after its beginning the same call may be sent again."""
    return CHECKOUT_SENT_AGAIN_FOR if attempt.way == Way.CHECKOUT else CHARGE_SENT_AGAIN_FOR


def intent_of(attempt: PaymentAttempt) -> ChargeIntent:
    """Return what is charged, for whom, and what the person reads."""
    with translation.override(attempt.language):
        text = (
            _("Prepaid account")
            if attempt.purpose == Purpose.TOP_UP
            else _("Invoice %(number)s") % {"number": attempt.description}
        )
    return ChargeIntent(
        amount=attempt.money,
        customer_reference=attempt.customer_reference,
        origin=Origin(
            organization_id=attempt.organization_id, attempt_id=attempt.pk, invoice_id=attempt.invoice_id
        ),
        description=f"{settings.BRAND_NAME} · {text}",
    )


def return_url(attempt: PaymentAttempt) -> str:
    """Return where the person comes back to from the provider or the bank."""
    return settings.PUBLIC_BASE_URL + reverse(
        "billing:payment_return", args=[attempt.organization_id, attempt.pk]
    )


def cancel_url(attempt: PaymentAttempt) -> str:
    """Return where the person comes back to without having paid."""
    if attempt.invoice_id is None:
        return settings.PUBLIC_BASE_URL + reverse("billing:prepaid", args=[attempt.organization_id])
    path = reverse("billing:pay_invoice", args=[attempt.organization_id, attempt.invoice_id])
    return settings.PUBLIC_BASE_URL + path
