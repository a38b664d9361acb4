"""Start-up check: a provider without key or webhook secret is an error, never an open door (INC-22)."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register  # noqa: A004  (Django names it Warning)

from billing.gateway.registry import driver_for


@register(Tags.security)
def check_gateways(
    app_configs: Sequence[AppConfig] | None = None,
    **kwargs: Any,
) -> list[CheckMessage]:
    """Report each setting that a payment provider lacks, above all the secret that proves its webhooks."""
    # While developing, commands that have nothing to do with money should still run; webhooks stay refused.
    message = Warning if settings.DEBUG else Error
    problems: list[CheckMessage] = []
    for name in settings.GATEWAYS:
        driver, options = driver_for(name)
        problems += [
            message(
                f"The payment provider {name} has no {option}.",
                hint="Without it no message of the provider can be proved, and none is accepted.",
                id="billing.E001",
            )
            for option in driver.missing_options(options)
        ]
    if settings.DEFAULT_GATEWAY not in settings.GATEWAYS:
        problems.append(message("DEFAULT_GATEWAY names no entry of GATEWAYS.", id="billing.E002"))
    return problems
