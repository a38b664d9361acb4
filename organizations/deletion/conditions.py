"""What must be settled before an organization can be deleted (ORG-14).

The floors above own products and money; each registers in `AppConfig.ready()` a provider that tells
whether its condition is met. The page shows all of them, and the verb asks all of them under its lock.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from manager.kit.errors import Text


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition: what it is called, whether it is met, how it stands, and where it can be met."""

    code: str
    label: Text
    met: bool
    detail: Text = ""
    url: str = ""
    action_label: Text = ""


Provider = Callable[[int, datetime], Condition]

_providers: list[Provider] = []


def register_condition(provider: Provider) -> None:
    """Let `provider` tell, for an organization's id at an instant, how its condition stands."""
    if provider not in _providers:
        _providers.append(provider)


def list_conditions(*, organization_id: int, at: datetime) -> Sequence[Condition]:
    """Return all conditions as they stand, in the scope of the organization."""
    return [provider(organization_id, at) for provider in _providers]
