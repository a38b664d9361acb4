"""Stripe behind `billing.gateway.protocol`: Checkout where the person is present, else payment intents."""

from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from stripe import InvalidRequestError, StripeClient, StripeError

from billing.gateway.errors import MeansNotFound
from billing.gateway.frame import Driver
from billing.gateway.protocol import (
    ChargeIntent,
    ChargeResult,
    CheckoutStart,
    GatewayEvent,
    Means,
    MeansKind,
    Origin,
    RefundResult,
    RefundState,
    SetupResult,
)
from billing.gateway.stripe import parameters, webhook
from billing.gateway.stripe.client import StripeOptions, asked, client_for, refusal_of, trouble_of
from billing.gateway.stripe.lookup import find_charge, find_refund
from billing.gateway.stripe.results import (
    charge_of,
    checkout_of,
    means_of,
    refund_of,
    setup_of,
    start_of,
)
from billing.gateway.stripe.telling import TellsMore
from billing.gateway.stripe.verdicts import charge_verdict, refund_verdict
from manager.kit.money import Money

CHECKOUT_PREFIX = "cs_"


class StripeGateway(Driver[StripeOptions], TellsMore):
    """The driver. Stateless; safe to share between threads."""

    signature_header = "Stripe-Signature"
    options_kind = StripeOptions
    needed = ("api_key", "webhook_secret")

    @property
    def client(self) -> StripeClient:
        """The connection of this process."""
        return client_for(self.options)

    def kinds_for(self, *, currency: str) -> tuple[MeansKind, ...]:
        """Which kinds of means Stripe takes in this currency."""
        return parameters.KINDS_BY_CURRENCY.get(currency.upper(), (MeansKind.CARD,))

    def redirect_origins(self) -> tuple[str, ...]:
        """Origins of Stripe's hosted pages, or of the sandbox."""
        if self.options.api_base:
            parts = urlsplit(self.options.api_base)
            return (f"{parts.scheme}://{parts.netloc}",)
        return ("https://checkout.stripe.com", "https://hooks.stripe.com", "https://pay.stripe.com")

    @asked()
    def create_customer(
        self, *, organization_id: int, name: str, email: str, language: str, idempotency_key: str
    ) -> str:
        """Make Stripe's customer for an organization and return its reference."""
        params = parameters.customer(organization_id, name=name, email=email, language=language)
        return self.client.v1.customers.create(params, {"idempotency_key": idempotency_key}).id

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
        """Open a hosted page where the person pays."""
        params = parameters.checkout(
            charge, kinds=self._offered(kinds, charge.amount.currency), save_means=save_means
        )
        params["expires_at"] = int(expires_at.timestamp())
        page = parameters.page(success_url=success_url, cancel_url=cancel_url, language=language)
        return self._open({**params, **page}, idempotency_key)

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
        """Open a hosted page where the person saves a means without paying."""
        params = parameters.setup(
            customer_reference, origin, kinds=self._offered(kinds, currency), currency=currency
        )
        page = parameters.page(success_url=success_url, cancel_url=cancel_url, language=language)
        return self._open({**params, **page}, idempotency_key)

    @asked()
    def _open(self, params: Any, idempotency_key: str) -> CheckoutStart:
        return start_of(self.client.v1.checkout.sessions.create(params, {"idempotency_key": idempotency_key}))

    def _offered(self, kinds: tuple[MeansKind, ...], currency: str) -> list[str]:
        possible = self.kinds_for(currency=currency)
        return [kind.value for kind in kinds if kind in possible] or [MeansKind.CARD.value]

    def charge_saved_means(
        self,
        *,
        charge: ChargeIntent,
        means_reference: str,
        means_kind: MeansKind,
        idempotency_key: str,
        return_url: str = "",
    ) -> ChargeResult:
        """Charge a saved means, without the person or (with `return_url`) in front of it."""
        params = parameters.charge(charge, means_reference, means_kind, return_url=return_url)
        try:
            return charge_of(
                self.client.v1.payment_intents.create(params, {"idempotency_key": idempotency_key})
            )
        except StripeError as error:
            return charge_verdict(error)

    def confirm_on_session(
        self, *, reference: str, means_reference: str, return_url: str, idempotency_key: str
    ) -> ChargeResult:
        """Confirm the same charge again while the person is here."""
        try:
            return charge_of(
                self.client.v1.payment_intents.confirm(
                    reference,
                    {"payment_method": means_reference, "return_url": return_url},
                    {"idempotency_key": idempotency_key},
                )
            )
        except InvalidRequestError as error:
            if error.code == "payment_intent_unexpected_state":
                return self.retrieve(reference=reference)
            return charge_verdict(error, reference=reference)
        except StripeError as error:
            return charge_verdict(error, reference=reference)

    def retrieve(self, *, reference: str) -> ChargeResult:
        """Return the current state of a checkout (`cs_…`) or charge (`pi_…`)."""
        try:
            if reference.startswith(CHECKOUT_PREFIX):
                return checkout_of(
                    self.client.v1.checkout.sessions.retrieve(
                        reference, {"expand": ["payment_intent.payment_method"]}
                    )
                )
            return charge_of(self.client.v1.payment_intents.retrieve(reference))
        except StripeError as error:
            return charge_verdict(error, reference=reference)

    def find(self, *, customer_reference: str, attempt_id: int, since: datetime) -> ChargeResult | None:
        """Look for an attempt by its metadata; lists, as the search index of Stripe lags behind."""
        try:
            return find_charge(self.client, customer_reference, str(attempt_id), since=since)
        except StripeError as error:
            return charge_verdict(error)

    def retrieve_setup(self, *, reference: str) -> SetupResult:
        """Return the current state of saving a means."""
        try:
            return setup_of(
                self.client.v1.checkout.sessions.retrieve(
                    reference, {"expand": ["setup_intent.payment_method"]}
                )
            )
        except StripeError as error:
            verdict = charge_verdict(error, reference=reference)
            return SetupResult(state=verdict.state, reference=reference, trouble=verdict.trouble)

    def cancel(self, *, reference: str, idempotency_key: str) -> ChargeResult:
        """Close a checkout or charge so that nobody can pay it any more."""
        try:
            if reference.startswith(CHECKOUT_PREFIX):
                self.client.v1.checkout.sessions.expire(reference, {}, {"idempotency_key": idempotency_key})
            else:
                self.client.v1.payment_intents.cancel(reference, {}, {"idempotency_key": idempotency_key})
        except InvalidRequestError as error:
            if error.http_status == 404:
                raise refusal_of(error) from error
            # Closed or paid already: what it came to is what counts.
        except StripeError as error:
            return charge_verdict(error, reference=reference)
        return self.retrieve(reference=reference)

    def refund(
        self, *, charge_reference: str, amount: Money, origin: Origin, idempotency_key: str
    ) -> RefundResult:
        """Give back all or a part of a charge."""
        try:
            return refund_of(
                self.client.v1.refunds.create(
                    parameters.refund(charge_reference, amount, origin), {"idempotency_key": idempotency_key}
                )
            )
        except StripeError as error:
            return refund_verdict(error)

    def find_refund(self, *, charge_reference: str, attempt_id: int) -> RefundResult | None:
        """Look for a refund by its metadata."""
        try:
            return find_refund(self.client, charge_reference, str(attempt_id))
        except StripeError as error:
            verdict = refund_verdict(error)
            return RefundResult(state=RefundState.UNKNOWN, trouble=verdict.trouble or "provider_error")

    @asked()
    def describe_means(self, *, means_reference: str) -> Means:
        """Return a saved means as Stripe describes it now."""
        try:
            return means_of(self.client.v1.payment_methods.retrieve(means_reference))
        except InvalidRequestError as error:
            if error.http_status == 404 or error.code == "resource_missing":
                raise MeansNotFound from error
            raise

    @asked()
    def detach_means(self, *, means_reference: str, idempotency_key: str) -> None:
        """Forget a saved means; already forgotten is fine."""
        try:
            self.client.v1.payment_methods.detach(means_reference, {}, {"idempotency_key": idempotency_key})
        except InvalidRequestError as error:
            if trouble_of(error):
                raise

    def parse_webhook(self, *, payload: bytes, signature: str) -> GatewayEvent:
        """Check and read a webhook."""
        return webhook.parse(payload=payload, signature=signature, secrets=self.options.webhook_secret)
