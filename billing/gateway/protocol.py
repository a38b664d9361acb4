"""What the panel asks of a payment provider, in the panel's own words.

Payments, renewals and webhooks know only this module; a driver (Stripe, PostFinance) translates.

Three rules hold for every driver:

* A call that may move money answers with a state. When the answer is lost (timeout, dropped connection,
  500, 409, 429) the state is `UNKNOWN`, never `FAILED`: the money may have moved. The janitor settles it with
  `retrieve` or `find` before anything is sent again (BIL-16).
* Every call that changes something carries the idempotency key of its row. Sending the same call again with
  the same key is safe for 24 hours.
* A call that moves no money and gets no answer raises `GatewayUnavailable`; it may be repeated with its key.
"""

from datetime import datetime
from typing import Protocol

from billing.gateway.vocabulary import (
    ChargeIntent,
    ChargeResult,
    ChargeState,
    CheckoutStart,
    EventKind,
    Failure,
    FailureKind,
    GatewayEvent,
    Means,
    MeansKind,
    Origin,
    RefundResult,
    RefundState,
    SetupResult,
)
from manager.kit.money import Money

__all__ = [
    "ChargeIntent",
    "ChargeResult",
    "ChargeState",
    "CheckoutStart",
    "EventKind",
    "Failure",
    "FailureKind",
    "Gateway",
    "GatewayEvent",
    "Means",
    "MeansKind",
    "Origin",
    "RefundResult",
    "RefundState",
    "SetupResult",
]


class Gateway(Protocol):
    """A payment provider. Drivers are stateless and safe to share between threads."""

    name: str
    signature_header: str
    """The header of a webhook that holds its signature."""

    def kinds_for(self, *, currency: str) -> tuple[MeansKind, ...]:
        """Which kinds of means the provider takes in this currency (TWINT: CHF only)."""
        ...

    def redirect_origins(self) -> tuple[str, ...]:
        """Origins of the hosted pages, for `form-action` of the content security policy."""
        ...

    def create_customer(
        self, *, organization_id: int, name: str, email: str, language: str, idempotency_key: str
    ) -> str:
        """Make the provider's customer for an organization and return its reference.

        :raises GatewayUnavailable: no answer; repeat with the same key.
        """
        ...

    def start_checkout(
        self,
        *,
        charge: ChargeIntent,
        kinds: tuple[MeansKind, ...],
        save_means: bool,
        success_url: str,
        cancel_url: str,
        language: str,
        expires_at: datetime,
        idempotency_key: str,
    ) -> CheckoutStart:
        """Open a hosted page where the person pays; with `save_means` the means is kept for later charges.

        Nothing is charged before the person acts. `expires_at` is 30 minutes to 24 hours ahead. Where
        `success_url` contains `{CHECKOUT_SESSION_ID}`, the provider puts the reference.

        :raises GatewayUnavailable: no answer; repeat with the same key.
        """
        ...

    def start_setup(
        self,
        *,
        customer_reference: str,
        origin: Origin,
        currency: str,
        kinds: tuple[MeansKind, ...],
        success_url: str,
        cancel_url: str,
        language: str,
        idempotency_key: str,
    ) -> CheckoutStart:
        """Open a hosted page where the person saves a means without paying (BIL-9).

        :raises GatewayUnavailable: no answer; repeat with the same key.
        """
        ...

    def charge_saved_means(
        self,
        *,
        charge: ChargeIntent,
        means_reference: str,
        means_kind: MeansKind,
        idempotency_key: str,
        return_url: str = "",
    ) -> ChargeResult:
        """Charge a saved means, off-session (BIL-10) or, with `return_url`, while the person is here.

        :raises GatewayMisconfigured: our key is not accepted; nothing was charged, keep the attempt open.
        :raises GatewayRefused: what we sent is wrong; nothing was charged by this call.

        Off-session, a means that wants approval answers `REQUIRES_ACTION` with a failure of kind
        `AUTHENTICATION` and no `action_url`; with `return_url` it answers `REQUIRES_ACTION` and `action_url`.
        """
        ...

    def confirm_on_session(
        self, *, reference: str, means_reference: str, return_url: str, idempotency_key: str
    ) -> ChargeResult:
        """Confirm the same charge again while the person is here to approve it (never a second charge).

        Each try of the person takes a key of its own.
        """
        ...

    def retrieve(self, *, reference: str) -> ChargeResult:
        """Return the current state of a checkout or charge; `UNKNOWN` when the provider does not answer."""
        ...

    def find(self, *, customer_reference: str, attempt_id: int, since: datetime) -> ChargeResult | None:
        """Look for an attempt whose answer was lost. `None`: the provider has never seen it.

        `UNKNOWN` when the provider does not answer: then nothing may be sent again yet.
        """
        ...

    def retrieve_setup(self, *, reference: str) -> SetupResult:
        """Return the current state of saving a means, with the means when done."""
        ...

    def cancel(self, *, reference: str, idempotency_key: str) -> ChargeResult:
        """Close a checkout or charge so that nobody can pay it any more; answers what it came to.

        A charge that was paid in the meantime answers `SUCCEEDED`: look at the state.
        """
        ...

    def refund(
        self, *, charge_reference: str, amount: Money, origin: Origin, idempotency_key: str
    ) -> RefundResult:
        """Give back all or a part of a charge to the means used (BIL-14)."""
        ...

    def find_refund(self, *, charge_reference: str, attempt_id: int) -> RefundResult | None:
        """Look for a refund whose answer was lost. `None`: the provider has never seen it."""
        ...

    def describe_means(self, *, means_reference: str) -> Means:
        """Brand, last digits and expiry of a saved means, as they are now.

        :raises MeansNotFound: the provider does not know it (any more).
        :raises GatewayUnavailable: no answer.
        """
        ...

    def detach_means(self, *, means_reference: str, idempotency_key: str) -> None:
        """Forget a saved means. Already forgotten is fine.

        :raises GatewayUnavailable: no answer; repeat with the same key.
        """
        ...

    def parse_webhook(self, *, payload: bytes, signature: str) -> GatewayEvent:
        """Check the signature and the age (at most 5 minutes) of a webhook and read it (INC-22).

        :raises WebhookSignatureInvalid: missing, wrong or old signature, or no secret is set.
        :raises WebhookUnreadable: signed, but not an event.
        """
        ...
