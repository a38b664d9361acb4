"""The Stripe driver against a sandbox over HTTP, through the real library."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import pytest

from billing.gateway.protocol import ChargeIntent, CheckoutStart, Gateway, Means, MeansKind, Origin
from billing.gateway.stripe.client import StripeOptions
from billing.gateway.stripe.driver import StripeGateway
from manager.demo.psp.testing import SandboxProcess
from manager.kit.money import Money

ALL_KINDS = (MeansKind.CARD, MeansKind.TWINT, MeansKind.PAYPAL)


@pytest.fixture
def gateway(sandbox: SandboxProcess) -> StripeGateway:
    """The driver, patient for two seconds."""
    return StripeGateway(
        name="stripe",
        options=StripeOptions(
            api_key="sk_test_sandbox", api_base=sandbox.url, webhook_secret="whsec_sandbox", timeout=2.0
        ),
    )


@dataclass
class Desk:
    """Makes calls with the rows that payments would have: a fresh id and key each."""

    gateway: Gateway
    sandbox: SandboxProcess
    customer: str
    numbers: Any = field(default_factory=lambda: count(1))

    def origin(self, attempt_id: int | None = None) -> Origin:
        return Origin(organization_id=4, attempt_id=attempt_id or next(self.numbers), invoice_id=9)

    def intent(self, *, amount: Money | None = None, attempt_id: int | None = None) -> ChargeIntent:
        return ChargeIntent(
            amount=amount or Money(2000, "CHF"),
            customer_reference=self.customer,
            origin=self.origin(attempt_id),
            description="Invoice 2026-000123",
        )

    def key(self) -> str:
        return f"key-{next(self.numbers)}"

    def checkout(self, **change: Any) -> CheckoutStart:
        values: dict[str, Any] = {
            "charge": self.intent(),
            "kinds": ALL_KINDS,
            "save_means": True,
            "success_url": "https://panel.test/paid",
            "cancel_url": "https://panel.test/cart",
            "language": "de",
            "expires_at": datetime.now(tz=UTC) + timedelta(hours=1),
            "idempotency_key": self.key(),
        }
        return self.gateway.start_checkout(**{**values, **change})

    def setup(self, **change: Any) -> CheckoutStart:
        values: dict[str, Any] = {
            "customer_reference": self.customer,
            "origin": self.origin(),
            "currency": "CHF",
            "kinds": ALL_KINDS,
            "success_url": "https://panel.test/saved",
            "cancel_url": "https://panel.test/means",
            "language": "fr",
            "idempotency_key": self.key(),
        }
        return self.gateway.start_setup(**{**values, **change})

    def save_card(self, token: str = "pm_card_visa") -> str:
        return self.sandbox.save_card(self.customer, token)

    def charge(self, means: str, **change: Any) -> Any:
        values: dict[str, Any] = {
            "charge": self.intent(),
            "means_reference": means,
            "means_kind": MeansKind.CARD,
            "idempotency_key": self.key(),
        }
        return self.gateway.charge_saved_means(**{**values, **change})

    def describe(self, means: str) -> Means:
        return self.gateway.describe_means(means_reference=means)


@pytest.fixture
def open_desk(sandbox: SandboxProcess) -> Callable[[Gateway], Desk]:
    def build(gateway: Gateway) -> Desk:
        customer = gateway.create_customer(
            organization_id=4, name="Acme", email="pay@acme.test", language="fr", idempotency_key="customer-4"
        )
        return Desk(gateway, sandbox, customer)

    return build


@pytest.fixture
def desk(gateway: StripeGateway, open_desk: Callable[[Gateway], Desk]) -> Desk:
    """A customer of the sandbox and a driver to charge it with."""
    return open_desk(gateway)


@pytest.fixture
def hour_ago() -> datetime:
    return datetime.now(tz=UTC) - timedelta(hours=1)
