"""Start-up check: a provider without key or webhook secret is an error, never an open door (INC-22)."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register

from billing.gateway.registry import driver_for


@register(Tags.security)
def check_gateways(app_configs: Sequence[AppConfig] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """Report each setting that a payment provider lacks, above all the secret its webhooks are checked with."""
    return [
        Error(
            f"{setting} is not set, though the payment provider {name} needs it.",
            hint="Without the webhook secret no message of the provider is accepted.",
            id="billing.E001",
        )
        for name in settings.GATEWAYS
        for setting in driver_for(name).missing_settings()
    ]
