"""Start and steer the test server from tests: a real process, spoken to over HTTP."""

from typing import Any
from urllib.parse import urlencode

from manager.demo.postfinance.signing import AUTHENTICATION_KEY, SPACE_ID, USER_ID
from manager.demo.provider.process import ProviderProcess


class TestServer(ProviderProcess):
    """One test server. `base` is what `POSTFINANCE_API_BASE` has to be."""

    __test__ = False
    module = "manager.demo.postfinance"

    @property
    def base(self) -> str:
        """Address of the API."""
        return f"{self.url}/api/v2.0"

    @property
    def options(self) -> dict[str, str]:
        """The options of a gateway that speaks to it."""
        return {
            "space_id": SPACE_ID,
            "user_id": USER_ID,
            "authentication_key": AUTHENTICATION_KEY,
            "api_base": self.base,
        }

    def reset(self) -> None:
        """Forget all transactions, tokens, refunds and faults, and send no webhooks."""
        super().reset()
        self.control("/_webhook", {"url": ""})

    def refunds(self) -> list[dict[str, Any]]:
        """Return the refunds that were made."""
        return self.journal("refund")

    def submit(self, page: str, do: str = "ok") -> str:
        """Press a button of a hosted page (`ok`, `decline`, `leave`); return where it leads."""
        status, headers, _ = self.exchange("POST", page, urlencode({"do": do}))
        return headers["location"] if status == 303 else page
