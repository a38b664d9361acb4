"""Routes with their parameters, and what a request to one carries."""

import json
import re
from dataclasses import dataclass
from typing import Any

from organizations.profile.models import Organization
from tests.isolation.expectations import BODIES, PARAMETERS
from tests.isolation.world import MAKERS, MISSING_ID, World


@dataclass(frozen=True)
class Route:
    """A route with the parameters of its address."""

    name: str
    parameters: tuple[str, ...]
    numbers: frozenset[str]
    pattern: str

    @property
    def key(self) -> str:
        """The route's name in the tables of expectations: operations have no version there."""
        return re.sub(r"^api(-1)?:", "api:", self.name)

    def address(self, values: dict[str, Any]) -> str:
        """Return the route's path with the values in it."""
        path = re.sub(r"<(?:\w+:)?(\w+)>", lambda found: str(values[found.group(1)]), self.pattern)
        return "/" + path


class Target:
    """Where a request goes: an organization's address with the objects of one."""

    def __init__(self, world: World, route: Route, organization: Organization, objects: Any) -> None:
        self.world, self.route, self.organization, self.objects = world, route, organization, objects

    def values(self, *, fresh: bool = False) -> dict[str, Any]:
        """Return the values of all parameters, of the address and of the body."""
        values: dict[str, Any] = {
            "organization_id": self.organization.pk,
            "organization": self.organization.pk,
        }
        body = re.findall(r"{([a-z_]+)}", json.dumps(BODIES.get(self.route.key, {})))
        for name in (*self.route.parameters, *body):
            if name not in values:
                values[name] = self._value(name, fresh)
        return values

    def _value(self, name: str, fresh: bool) -> Any:
        belongs = name in self.route.parameters or name.endswith("_id")
        if self.objects is None and belongs:
            return MISSING_ID if name.endswith("_id") or name in self.route.numbers else "missing"
        kind = PARAMETERS.get((self.route.key, name), name)
        return self.world.value(self.objects or self.world.own, kind, MAKERS[kind], fresh=fresh)


def body_of(route: Route, values: dict[str, Any]) -> dict[str, Any]:
    """Return the fields that a request to the route sends."""
    return {key: _fill(value, values) for key, value in BODIES.get(route.key, {}).items()}


def _fill(value: Any, values: dict[str, Any]) -> Any:
    if isinstance(value, list):
        return [_fill(item, values) for item in value]
    if isinstance(value, dict):
        return {key: _fill(item, values) for key, item in value.items()}
    if not isinstance(value, str):
        return value
    # A parameter alone stays a number, as JSON has it.
    alone = re.fullmatch(r"{(\w+)}", value)
    return values[alone[1]] if alone else value.format(**values)
