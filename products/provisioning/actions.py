"""What can be asked of a service, by the kind of its plan: a list that the product modules fill at start.

The texts are the panel's, the ability is the driver's: a page offers what both know.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django import forms

from manager.kit.errors import Text
from products.catalog.models import Plan
from products.provisioning.models import Service, ServiceAction
from products.provisioning.registry import get_driver, has_driver


@dataclass(frozen=True, slots=True)
class Action:
    """Something asked of a running service, in words.

    `confirm` is what the page says before it is asked; `submit` the button that asks it. What
    `is_dangerous` has to be confirmed by a box. `delay` is how long it stays pending, in which time it can
    be cancelled. `form` takes its parameters, where it has some: its cleaned data must be plain JSON.
    `fits` says of which plans' services it can be asked, of all of the kind where it is None.

    One that `is_own` is asked by the pages of its module alone (`ask_own_action`). `build` makes what the
    driver is told from what was stored, just before the call; `settled` hears, in the transaction that
    closes it, that it is done or has failed for good.
    """

    slug: str
    label: Text
    confirm: Text
    submit: Text
    icon: str = "play"
    is_dangerous: bool = False
    delay: timedelta = timedelta(0)
    form: type[forms.Form] | None = None
    fits: Callable[[Plan], bool] | None = None
    is_own: bool = False
    build: Callable[[ServiceAction], Mapping[str, Any]] | None = None
    settled: Callable[[ServiceAction, datetime], None] | None = None


_actions: dict[str, dict[str, Action]] = {}


def register_actions(kind: str, *actions: Action) -> None:
    """Let services of plans of this kind be asked for `actions`; called at start-up by the kind's module."""
    _actions.setdefault(kind, {}).update({action.slug: action for action in actions})


def list_actions(kind: str) -> list[Action]:
    """Return what services of this kind can be asked for, in the order of the module."""
    return list(_actions.get(kind, {}).values())


def find_action(*, kind: str, slug: str) -> Action | None:
    """Return the action of services of this kind that is called `slug`, or None."""
    return _actions.get(kind, {}).get(slug)


def list_offered(*, kind: str, service: Service) -> list[Action]:
    """Return what this service can be asked for: known to the panel and to its driver, if that is there."""
    offered = [action for action in _list_able(kind, service) if not action.is_own]
    if not any(action.fits for action in offered):
        return offered
    plan = service.product.plan
    return [action for action in offered if action.fits is None or action.fits(plan)]


def find_own(*, kind: str, service: Service, slug: str) -> Action | None:
    """Return the action that the kind's module asks of this service, or None where the driver cannot."""
    able = [action for action in _list_able(kind, service) if action.is_own and action.slug == slug]
    return able[0] if able else None


def _list_able(kind: str, service: Service) -> list[Action]:
    known = list_actions(kind)
    if not known or not has_driver(service.driver):
        return []
    able = get_driver(service.driver).actions(kind)
    return [action for action in known if action.slug in able]


def describe_action(*, kind: str, slug: str) -> Text:
    """Return what an action is called; its slug where the panel does not know it any more."""
    action = find_action(kind=kind, slug=slug)
    return action.label if action else slug


def check_parameters(action: Action, given: Mapping[str, Any]) -> forms.Form | None:
    """Return the action's form, filled with `given` and checked, or None where it takes nothing."""
    if action.form is None:
        return None
    form = action.form(dict(given))
    form.is_valid()
    return form


def build_parameters(asked: ServiceAction) -> Mapping[str, Any]:
    """Return what the driver is told with an action: what was stored, unless its module knows better."""
    action = find_action(kind=asked.product.plan.kind, slug=asked.slug)
    return action.build(asked) if action and action.build else asked.parameters


def tell_settled(asked: ServiceAction, *, at: datetime) -> None:
    """Let the module of a closed action draw its conclusions; in the transaction that closes it."""
    action = find_action(kind=asked.product.plan.kind, slug=asked.slug)
    if action and action.settled:
        action.settled(asked, at)
