"""What the kinds of failures in a report mean: the rooms above know their words and register them."""

from collections.abc import Callable

from manager.kit.errors import Text

Describer = Callable[[str], Text | None]

_describers: list[Describer] = []


def register_words(describer: Describer) -> None:
    """Let `describer` put kinds of failures into words; None for those of others. Once, at start."""
    if describer not in _describers:
        _describers.append(describer)


def describe_failure(kind: str) -> Text:
    """Return what a kind of failure means, "" where nobody has words for it."""
    return next((words for describer in _describers if (words := describer(kind))), "")
