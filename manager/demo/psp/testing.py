"""Start and steer a sandbox from tests and simulations: a real process, spoken to over HTTP."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit

from manager.demo.provider.process import ProviderProcess
from manager.demo.psp.forms import decode

TEST_KEY = "sk_test_sandbox"
TEST_SECRET = "whsec_sandbox"  # noqa: S105 - both ends are on this machine
TEST_CARD = "pm_card_visa"


class SandboxProcess(ProviderProcess):
    """One sandbox; `url` is what `STRIPE_API_BASE` has to be, and the address of the hosted pages."""

    module = "manager.demo.psp"
    headers: ClassVar[Mapping[str, str]] = {"Authorization": f"Bearer {TEST_KEY}"}

    def __init__(
        self,
        data: Path,
        *,
        port: int = 0,
        webhook_url: str = "",
        webhook_secret: str = TEST_SECRET,
        webhook_backoff: float = 0.2,
    ) -> None:
        super().__init__(data, port=port, webhook_backoff=webhook_backoff)
        self.webhook_url = webhook_url
        self.webhook_secret = webhook_secret

    def arguments(self) -> tuple[str, ...]:
        """Return where its webhooks go."""
        return ("--webhook-url", self.webhook_url, "--webhook-secret", self.webhook_secret)

    def webhooks_waiting(self) -> int:
        """Return how many webhooks are not delivered yet."""
        return int(self.get("/_journal")["webhooks_waiting"])

    def set_webhook(self, url: str, secret: str) -> None:
        """Send events elsewhere from now on."""
        self.control("/_webhook", {"url": url, "secret": secret})

    def set_means(self, means: str, **change: Any) -> None:
        """Change a saved means: `behaviour="decline_charge:lost_card"`, or `exp_month` and `exp_year`."""
        self.control(f"/_means/{means}", change)

    def settle(self, intent: str, *, decline: str = "") -> None:
        """End a charge that is being processed."""
        self.control(f"/_settle/{intent}", {"decline": decline})

    def dispute(self, identifier: str, **asked: Any) -> str:
        """Dispute the charge of an intent, or decide a dispute by its id (`won`); return its id."""
        return str(self.control(f"/_dispute/{identifier}", asked)["id"])

    def fail_refund(self, identifier: str) -> None:
        """Let the money of a refund that was made come back."""
        self.control(f"/_refund/{identifier}", {})

    def keep_fees(self, *, basis_points: int, fixed: int) -> None:
        """Let the provider keep a part of each charge."""
        self.control("/_fees", {"basis_points": basis_points, "fixed": fixed})

    def save_card(self, customer: str, token: str = TEST_CARD) -> str:
        """Save a test card with a customer, approved where it asks, and return its reference."""
        intent = self.api(
            "/v1/setup_intents",
            {
                "customer": customer,
                "payment_method": token,
                "confirm": "true",
                "return_url": "https://panel.test/",
            },
        )
        if intent["status"] == "requires_action":
            self.submit(intent["next_action"]["redirect_to_url"]["url"], {"decision": "approve"})
            intent = self.get(f"/v1/setup_intents/{intent['id']}")
        return str(intent["payment_method"])

    def pay_checkout(
        self, url: str, *, card: str = "4242424242424242", method: str = "card", approve: bool = True
    ) -> str:
        """Fill in a hosted page and its dialog, and return the address that the person is sent to."""
        address = self.submit(url, {"method": method, "number": card, "expiry": "12/34", "cvc": "123"})
        if "/dialog/" in address:
            address = self.submit(address, {"decision": "approve" if approve else "refuse"})
        return address

    def submit(self, url: str, fields: dict[str, str]) -> str:
        """Send a form of a hosted page; return where it leads, or the same address when it is shown again."""
        status, headers, _ = self.exchange("POST", url, urlencode(fields))
        return urljoin(url, headers["location"]) if status == 303 else url

    def api(self, path: str, fields: dict[str, str]) -> Any:
        """Return the answer of the API to a POST."""
        return self._json("POST", path, urlencode(fields))


def form_of(text: str) -> dict[str, Any]:
    """Return a sent form body as the API reads it, for contract tests."""
    return decode(text)


def query_of(url: str) -> dict[str, str]:
    """Return the query parameters of an address."""
    return dict(parse_qsl(urlsplit(url).query))
