"""What every driver of a payment provider is: a name, and options from the settings."""

from collections.abc import Mapping
from typing import Any, ClassVar, Generic, Self, TypeVar

Options = TypeVar("Options")


class Driver(Generic[Options]):
    """The frame of a driver: made of one entry of `settings.GATEWAYS`. Stateless; shared between threads."""

    options_kind: ClassVar[type]
    needed: ClassVar[tuple[str, ...]]
    """The options without which the provider cannot be asked, or its messages not be proved."""

    def __init__(self, *, name: str, options: Options) -> None:
        self.name = name
        self.options = options

    @classmethod
    def from_options(cls, *, name: str, options: Mapping[str, Any]) -> Self:
        """Return the gateway for one entry of `settings.GATEWAYS`."""
        return cls(name=name, options=cls.options_kind(**options))

    @classmethod
    def missing_options(cls, options: Mapping[str, Any]) -> tuple[str, ...]:
        """Return which of the needed options are empty."""
        return tuple(name for name in cls.needed if not str(options.get(name) or "").strip())
