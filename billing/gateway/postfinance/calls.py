"""The calls to PostFinance Checkout that the driver is made of."""

from datetime import datetime
from typing import Any

from billing.gateway.errors import GatewayRefused
from billing.gateway.frame import Driver
from billing.gateway.postfinance.client import PostFinanceOptions, Refusal, asked, send
from billing.gateway.postfinance.results import UNPROCESSED, charge_of, means_of, state_of
from billing.gateway.vocabulary import ChargeResult, ChargeState, CheckoutStart, Means

TRANSACTIONS = "/payment/transactions"
TOKENS = "/payment/tokens"
REFUNDS = "/payment/refunds"


class Calls(Driver[PostFinanceOptions]):
    """Calls with the options of one space; each raises `Trouble` or `Refusal` as `send` does."""

    def _transaction(self, body: dict[str, Any]) -> dict[str, Any]:
        """Return the one transaction of a reference: the one that is there, else a new one."""
        mark = str(body["merchantReference"])
        found = self._first(mark)
        if found is not None:
            return found
        made: dict[str, Any] = self._send("POST", TRANSACTIONS, body=body)
        # Somebody may have made one in the same moment: both go on with the first.
        return self._first(mark) or made

    def _first(self, mark: str) -> dict[str, Any] | None:
        return min(self._search(TRANSACTIONS, mark), key=lambda one: int(one["id"]), default=None)

    def _search(self, path: str, mark: str) -> list[dict[str, Any]]:
        query = {"query": f"merchantReference:{mark}", "limit": "100"}
        answer = self._send("GET", f"{path}/search", query=query)
        return [one for one in answer.get("data") or [] if one.get("merchantReference") == mark]

    def _described(self, transaction: dict[str, Any]) -> ChargeResult:
        needs_page = state_of(transaction) is ChargeState.REQUIRES_ACTION
        return charge_of(transaction, action_url=self._page_url(transaction) if needs_page else "")

    def _page(self, transaction: dict[str, Any], expires_at: datetime | None) -> CheckoutStart:
        ends = transaction.get("authorizationTimeoutOn")
        until = datetime.fromisoformat(ends) if ends else expires_at
        if until is None:
            raise GatewayRefused(provider_code="page_without_end")
        return CheckoutStart(
            reference=str(transaction["id"]), redirect_url=self._page_url(transaction), expires_at=until
        )

    def _page_url(self, transaction: dict[str, Any]) -> str:
        return str(self._send("GET", f"{TRANSACTIONS}/{transaction['id']}/payment-page-url"))

    def _is_active(self, token: str) -> bool:
        try:
            return bool(self._send("GET", f"{TOKENS}/{int(token)}")["state"] == "ACTIVE")
        except (ValueError, Refusal) as error:
            if isinstance(error, Refusal) and error.http_status != 404:
                raise
            return False

    def _describe(self, token: str) -> Means:
        found = self._send("GET", f"{TOKENS}/{int(token)}")
        if found["state"] != "ACTIVE":
            raise Refusal(404, "token_inactive", "")
        return means_of(found, self._send("GET", f"{TOKENS}/{token}/active-version"))

    def _send(self, method: str, path: str, **more: Any) -> Any:
        return send(self.options, method, path, **more)

    def _process(self, transaction: dict[str, Any]) -> ChargeResult:
        address = f"{TRANSACTIONS}/{transaction['id']}"
        try:
            return charge_of(self._send("POST", f"{address}/process-without-interaction"))
        except Refusal:
            present = self._send("GET", address)
            if present["state"] in UNPROCESSED:
                raise
            return charge_of(present)  # somebody else had it processed

    @asked()
    def _public_key(self, key_id: str) -> str:
        try:
            return str(self._send("GET", f"/webhooks/encryption-keys/{key_id}") or "")
        except Refusal as refusal:
            if refusal.http_status != 404:
                raise
            return ""
