"""What a kind of product lets choose once, before it is set up for the first time: the system of a server."""

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from manager.kit.errors import DomainError, Text
from products.catalog.models import Plan


class SetupRefused(DomainError):
    """What was chosen for the setting up is not offered with the plan."""

    code = "setup_refused"
    status = 422
    field = "setup"
    message = _("This cannot be chosen with this offer.")


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing to choose; `answers` are (value, label) for a plan with such options, the usual first."""

    slug: str
    label: Text
    answers: Callable[[Collection[str]], Sequence[tuple[str, str]]]


@dataclass(frozen=True, slots=True)
class OfferedChoice:
    """A choice with the answers that one plan offers; the first one is taken where nothing is chosen."""

    slug: str
    label: Text
    answers: tuple[tuple[str, str], ...]


_choices: dict[str, list[Choice]] = defaultdict(list)


def register_choices(kind: str, *choices: Choice) -> None:
    """Let products of a kind be set up as their buyer chooses; called while the application starts."""
    _choices[kind].extend(choices)


def offered_choices(*, kind: str, options: Collection[str]) -> list[OfferedChoice]:
    """Return what can be chosen of a plan of this kind with these options, by their slugs."""
    return [
        OfferedChoice(choice.slug, choice.label, tuple(choice.answers(options)))
        for choice in _choices.get(kind, ())
    ]


def clean_setup(*, plan: Plan, chosen: Mapping[str, Any]) -> dict[str, str]:
    """Return the plan's choices with what was chosen of each, the usual answer where nothing was.

    :raises SetupRefused: there is no such choice, or no such answer.
    """
    options = set(plan.options.values_list("slug", flat=True)) if plan.kind in _choices else set()
    offered = {choice.slug: choice for choice in offered_choices(kind=plan.kind, options=options)}
    if not chosen.keys() <= offered.keys():
        raise SetupRefused
    return {slug: _answer(choice, chosen.get(slug)) for slug, choice in offered.items()}


def describe_setup(*, kind: str, options: Collection[str], setup: Mapping[str, str]) -> list[str]:
    """Return the labels of what was chosen of a plan with these options, in the order of the choices."""
    return [
        label
        for choice in offered_choices(kind=kind, options=options)
        for value, label in choice.answers
        if setup.get(choice.slug) == value
    ]


def _answer(choice: OfferedChoice, chosen: Any) -> str:
    values = [value for value, _label in choice.answers]
    if chosen in (None, ""):
        return values[0]
    if chosen not in values:
        raise SetupRefused
    return str(chosen)
