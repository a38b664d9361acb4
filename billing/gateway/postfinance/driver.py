"""PostFinance Checkout behind `billing.gateway.protocol`, for francs (experimental).

Its API has no idempotency keys for transactions. Two rules make up for them: each transaction carries the
attempt as its merchant's reference and is looked for before one is made; and of several with the same
reference, which two workers at the same moment could make, only the one with the lowest number is ever
processed or shown. PostFinance processes one transaction once.
"""

from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from billing.gateway.errors import GatewayRefused, MeansNotFound
from billing.gateway.postfinance import parameters, webhook
from billing.gateway.postfinance.calls import REFUNDS, TOKENS, TRANSACTIONS, Calls
from billing.gateway.postfinance.client import PostFinanceOptions, Refusal, Trouble, asked, refused
from billing.gateway.postfinance.results import (
    UNPROCESSED,
    charge_of,
    gone,
    refund_of,
    state_of,
)
from billing.gateway.vocabulary import (
    ChargeIntent,
    ChargeResult,
    ChargeState,
    CheckoutStart,
    GatewayEvent,
    Means,
    MeansKind,
    Origin,
    RefundResult,
    RefundState,
    SetupResult,
)
from manager.kit.money import Money

NOT_PRESENT = "NOT_PRESENT"


class PostFinanceGateway(Calls):
    """The driver. Stateless; safe to share between threads."""

    signature_header = "X-Signature"
    options_kind = PostFinanceOptions
    needed = ("space_id", "user_id", "authentication_key")
    """Webhooks are proved through the same key."""

    def kinds_for(self, *, currency: str) -> tuple[MeansKind, ...]:
        """Which kinds of means PostFinance takes in this currency: its own, in francs."""
        return (MeansKind.POSTFINANCE,) if currency.upper() == "CHF" else ()

    def redirect_origins(self) -> tuple[str, ...]:
        """Origin of PostFinance's hosted pages, or of the test server."""
        parts = urlsplit(self.options.base)
        return (f"{parts.scheme}://{parts.netloc}",)

    def create_customer(
        self, *, organization_id: int, name: str, email: str, language: str, idempotency_key: str
    ) -> str:
        """Return the name of an organization: PostFinance takes any, and keeps nothing but it."""
        return f"organization-{organization_id}"

    @asked()
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
        """Open a hosted page where the person pays; how long it lasts is a setting of the space."""
        body = {
            **parameters.transaction(charge),
            **parameters.page(success_url=success_url, cancel_url=cancel_url, language=language),
        }
        if save_means:
            body["tokenizationMode"] = "FORCE_CREATION"
        transaction = self._transaction(body)
        if state_of(transaction) is not ChargeState.REQUIRES_ACTION:
            raise GatewayRefused(provider_code=f"checkout_{transaction['state']}".lower())
        return self._page(transaction, expires_at)

    @asked()
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
        """Open a hosted page where the person lets PostFinance be charged later, without paying."""
        details = {
            **parameters.page(success_url=success_url, cancel_url=cancel_url, language=language),
            "merchantReference": parameters.setup_mark(origin.attempt_id),
            "metaData": origin.as_metadata(),
        }
        token_body = {"externalId": idempotency_key, "customerId": customer_reference}
        token = self._send("POST", TOKENS, body=token_body)
        made = self._send("POST", f"{TOKENS}/{token['id']}/create-transaction-for-token-update")
        address = f"{TRANSACTIONS}/{made['id']}"
        transaction = self._send("PATCH", address, body={"version": made["version"], **details})
        return self._page(transaction, None)

    @refused()
    def charge_saved_means(
        self,
        *,
        charge: ChargeIntent,
        means_reference: str,
        means_kind: MeansKind,
        idempotency_key: str,
        return_url: str = "",
    ) -> ChargeResult:
        """Charge a token. It never asks for an approval, so the person need not be here either way."""
        try:
            if not self._is_active(means_reference):
                return gone()
            body = {
                **parameters.transaction(charge),
                "token": int(means_reference),
                "customersPresence": NOT_PRESENT,
                "chargeRetryEnabled": False,
            }
            transaction = self._transaction(body)
            if transaction["state"] not in UNPROCESSED:
                return charge_of(transaction)
            return self._process(transaction)
        except Trouble as trouble:
            # Without a reference: the janitor looks for the transaction, and has it processed if it was not.
            return trouble.as_charge()

    def confirm_on_session(
        self, *, reference: str, means_reference: str, return_url: str, idempotency_key: str
    ) -> ChargeResult:
        """Return the state: a token that was refused cannot be approved afterwards."""
        return self.retrieve(reference=reference)

    @refused()
    def retrieve(self, *, reference: str) -> ChargeResult:
        """Return the current state of a transaction."""
        try:
            return self._described(self._send("GET", f"{TRANSACTIONS}/{int(reference)}"))
        except Trouble as trouble:
            return trouble.as_charge(reference)

    @refused()
    def find(self, *, customer_reference: str, attempt_id: int, since: datetime) -> ChargeResult | None:
        """Look for an attempt by the merchant's reference; one that nobody had processed counts as unseen."""
        try:
            first = self._first(parameters.charge_mark(attempt_id))
            if first is None or is_forgotten(first):
                return None
            return self._described(first)
        except Trouble as trouble:
            return trouble.as_charge()

    @refused()
    def retrieve_setup(self, *, reference: str) -> SetupResult:
        """Return the current state of saving a means: it is saved once its token is active."""
        try:
            transaction = self._send("GET", f"{TRANSACTIONS}/{int(reference)}")
            state = state_of(transaction)
            token = str((transaction.get("token") or {}).get("id") or "")
            if state is ChargeState.SUCCEEDED and token:
                return SetupResult(state=state, reference=reference, means=self._describe(token))
            return SetupResult(state=state, reference=reference)
        except Trouble as trouble:
            return SetupResult(state=ChargeState.UNKNOWN, reference=reference, trouble=trouble.kind)

    @refused()
    def cancel(self, *, reference: str, idempotency_key: str) -> ChargeResult:
        """Mark a page as not wanted any more; PostFinance itself cannot close it.

        Whoever still pays there has paid: the state says so, and the money is kept for the organization.
        """
        address = f"{TRANSACTIONS}/{int(reference)}"
        try:
            transaction = self._send("GET", address)
            if state_of(transaction) is ChargeState.REQUIRES_ACTION:
                marks = {**(transaction.get("metaData") or {}), parameters.CLOSED: "yes"}
                body = {"version": transaction["version"], "metaData": marks}
                transaction = self._send("PATCH", address, body=body)
            return self._described(transaction)
        except Trouble as trouble:
            return trouble.as_charge(reference)

    @refused()
    def refund(
        self, *, charge_reference: str, amount: Money, origin: Origin, idempotency_key: str
    ) -> RefundResult:
        """Give back all or a part of a transaction; `externalId` makes a repeated call the same refund."""
        body = parameters.refund(charge_reference, amount, origin, idempotency_key)
        try:
            return refund_of(self._send("POST", REFUNDS, body=body))
        except Trouble as trouble:
            return RefundResult(state=RefundState.UNKNOWN, trouble=trouble.kind)
        except Refusal as refusal:
            if refusal.http_status == 422:
                return RefundResult(state=RefundState.FAILED, failure_code=refusal.code or "refused")
            raise

    @refused()
    def find_refund(self, *, charge_reference: str, attempt_id: int) -> RefundResult | None:
        """Look for a refund by its merchant's reference."""
        try:
            found = self._search(REFUNDS, parameters.refund_mark(attempt_id))
        except Trouble as trouble:
            return RefundResult(state=RefundState.UNKNOWN, trouble=trouble.kind)
        mine = [one for one in found if str((one.get("transaction") or {}).get("id")) == charge_reference]
        return refund_of(mine[0]) if mine else None

    @asked()
    def describe_means(self, *, means_reference: str) -> Means:
        """Return a token as PostFinance describes it now."""
        try:
            return self._describe(means_reference)
        except Refusal as refusal:
            if refusal.http_status == 404:
                raise MeansNotFound from refusal
            raise

    @asked()
    def detach_means(self, *, means_reference: str, idempotency_key: str) -> None:
        """Delete a token; already deleted is fine."""
        try:
            self._send("DELETE", f"{TOKENS}/{int(means_reference)}")
        except Refusal as refusal:
            if refusal.http_status != 404:
                raise

    def parse_webhook(self, *, payload: bytes, signature: str) -> GatewayEvent:
        """Check and read a webhook."""
        return webhook.parse(
            payload=payload, signature=signature, source=self.options.base, fetch_key=self._public_key
        )


def is_forgotten(transaction: dict[str, Any]) -> bool:
    """Return whether a charge without the person was prepared and its processing never asked for."""
    return transaction["state"] in UNPROCESSED and transaction.get("customersPresence") == NOT_PRESENT
