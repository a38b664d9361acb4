"""The payment provider beside a simulation: the sandbox as a process of its own, spoken to over HTTP."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.conf import settings

from billing.gateway.registry import gateway_for
from billing.payment_methods.customers import ensure_customer
from billing.payment_methods.models import PaymentMethod
from billing.payment_methods.services import save_method
from manager.demo.psp.testing import TEST_KEY, TEST_SECRET, SandboxProcess
from manager.kit.actor import Actor
from organizations.profile.models import Organization

GATEWAY = "stripe"
# Of a card that lets itself be charged, that has too little, that is lost, and that asks for an approval.
PAYS, EMPTY, LOST = "ok", "decline_charge:insufficient_funds", "decline_charge:lost_card"
ASKS = "authenticate_always"


@contextmanager
def provider_beside() -> Iterator[SandboxProcess]:
    """Run a provider of its own and let this process charge there; it is forgotten afterwards."""
    former = settings.GATEWAYS[GATEWAY]
    with TemporaryDirectory(prefix="simulation-") as folder, SandboxProcess(Path(folder)) as sandbox:
        own: dict[str, Any] = {"api_key": TEST_KEY, "webhook_secret": TEST_SECRET, "api_base": sandbox.url}
        settings.GATEWAYS[GATEWAY] = {**former, **own}
        try:
            yield sandbox
        finally:
            settings.GATEWAYS[GATEWAY] = former


def save_card(
    sandbox: SandboxProcess, organization: Organization, *, actor: Actor, at: datetime
) -> PaymentMethod:
    """Save a new card of the organization, in whose scope it runs, at the provider and in the panel."""
    gateway = gateway_for(GATEWAY)
    customer = ensure_customer(organization=organization, gateway=gateway)
    means = gateway.describe_means(means_reference=sandbox.save_card(customer))
    return save_method(organization_id=organization.pk, gateway=GATEWAY, means=means, actor=actor, at=at)
