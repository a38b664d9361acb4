"""What the rooms above know of charges that will fail: they register, the page of renewals shows it."""

from collections.abc import Callable
from typing import Any

from organizations.profile.models import Organization

Provider = Callable[[Organization], dict[str, Any]]

_providers: list[Provider] = []


def register_ahead(provider: Provider) -> None:
    """Let `provider` add to the context of the page of renewals; called once, at start."""
    if provider not in _providers:
        _providers.append(provider)


def look_ahead(*, organization: Organization) -> dict[str, Any]:
    """Return what the rooms above add to the page."""
    return {name: value for provider in _providers for name, value in provider(organization).items()}
