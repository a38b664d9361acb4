"""Which verbs an edge calls, and which right it asks for: pages and operations, read from their code."""

import inspect
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from types import CodeType, FunctionType, ModuleType
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

from organizations.access.guard import permission_for

APPS = ("accounts", "billing", "manager", "organizations", "products")
EDGES = ("views", "api")


def find_views() -> dict[str, Any]:
    """Return the views of all routes by name: pages, and operations of the version 1."""

    def walk(patterns: list[Any], space: str = "") -> Iterator[tuple[str, Any]]:
        for pattern in patterns:
            if isinstance(pattern, URLResolver):
                yield from walk(pattern.url_patterns, f"{pattern.namespace}:" if pattern.namespace else space)
            elif isinstance(pattern, URLPattern):
                yield f"{space}{pattern.name}", pattern.callback

    return dict(walk(get_resolver().url_patterns))


def verbs_of(handler: Any, owner: type | None = None, *, deep: bool = False) -> frozenset[str]:
    """Return the verbs that a handler calls, itself or by functions of edges, or by methods of `owner`.

    With `deep` those, too, that verbs call.
    """
    found: set[str] = set()
    seen: set[Any] = set()

    def look(function: Any) -> None:
        function = inspect.unwrap(function) if callable(function) else None
        if not isinstance(function, FunctionType) or function in seen:
            return
        seen.add(function)
        for one in _known_in(function, owner):
            if _is_verb(one):
                found.add(one.__name__)
            if _is_edge(one.__module__) or (deep and _is_verb(one)):
                look(one)

    look(handler)
    return frozenset(found)


def _known_in(function: FunctionType, owner: type | None) -> Iterator[FunctionType]:
    """Return the functions of the house that a function names, in modules and tables as well."""
    names = set(_names(function.__code__))
    known = [function.__globals__.get(name) for name in names]
    known += [getattr(one, name, None) for one in known if isinstance(one, ModuleType) for name in names]
    known += [value for one in known if isinstance(one, dict) for value in one.values()]
    known += [inspect.getattr_static(owner, name, None) for name in names if owner and name[:1] == "_"]
    for one in known:
        found = inspect.unwrap(one) if callable(one) else None
        if isinstance(found, FunctionType) and found.__module__.partition(".")[0] in APPS:
            yield found


@dataclass(frozen=True)
class Way:
    """A method of a page or an operation: the right it asks for, the verbs it calls and what these call."""

    right: str
    verbs: frozenset[str]
    deep: frozenset[str] = frozenset()


def ways_of(view: Any) -> dict[str, Way]:
    """Return the methods of a page (GET and POST) or of an operation."""
    owner = getattr(view, "view_class", None)
    if owner is None:
        return {
            "GET": Way(str(permission_for(view.permissions, "GET")), frozenset()),
            "POST": Way(str(permission_for(view.permissions, "POST")), verbs_of(view)),
        }
    handlers = {method: getattr(owner, method.lower(), None) for method in owner.permissions}
    return {
        method: Way(
            str(owner.permissions[method]), verbs_of(handler, owner), verbs_of(handler, owner, deep=True)
        )
        for method, handler in handlers.items()
        if handler is not None
    }


def differences(page: Way, operations: Sequence[Way]) -> list[str]:
    """Return where operations differ from the page that writes: a verb they lack, another right for one."""
    called = frozenset().union(*(way.verbs | way.deep for way in operations))
    found = [f"no operation ends in {verb}" for verb in sorted(page.verbs - called)]
    for way in operations:
        shared = page.verbs & (way.verbs or way.deep)
        if shared and way.right != page.right:
            found.append(f"{', '.join(sorted(shared))} asks for {way.right}, not {page.right}")
    return found


def _names(code: CodeType) -> Iterator[str]:
    yield from code.co_names
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _names(constant)


def _is_edge(module: str) -> bool:
    return any(part.startswith(EDGES) or part.endswith(EDGES) for part in module.split(".")[1:])


def _is_verb(function: Callable[..., Any]) -> bool:
    """Return whether it changes something: it takes who does it, or it lives with the services."""
    parts = function.__module__.split(".")
    kinds = {p.name: p.kind for p in inspect.signature(function).parameters.values()}
    is_told = kinds.get("actor") is inspect.Parameter.KEYWORD_ONLY
    is_service = "services" in parts and inspect.Parameter.KEYWORD_ONLY in kinds.values()
    return (is_told or is_service) and not _is_edge(function.__module__)
