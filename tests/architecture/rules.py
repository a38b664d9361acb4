"""The house's laws as functions over source text, so that each can be tried on a planted violation."""

import ast
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
APPS = ("accounts", "organizations", "products", "billing")
PACKAGES = ("manager", *APPS)
LONGEST_FILE = 300
FORBIDDEN_MODULES = frozenset({"utils", "util", "helpers", "helper", "common", "misc", "signals", "managers"})
FORBIDDEN_VERBS = ("process_", "handle_", "manage_", "do_", "update_status")
RECEIVERS = frozenset({"receiver", "post_save", "pre_save", "m2m_changed", "post_delete", "pre_delete"})
# Frameworks name these; the verb is theirs.
NAMED_BY_FRAMEWORKS = frozenset(
    {
        "process_exception",
        "process_request",
        "process_view",
        "process_response",
        "handle_exception",
        "handle_error",
        "do_GET",
        "do_POST",
    }
    | {"do_DELETE"}
)


def python_files() -> Iterator[Path]:
    """Yield the source files of the project, without migrations."""
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            if "migrations" not in path.parts:
                yield path


def files_of_tests() -> Iterator[Path]:
    """Yield the files of the suite."""
    yield from sorted((ROOT / "tests").rglob("*.py"))


def offenders(paths: Iterable[Path], law: Callable[[str], list[Any]]) -> dict[str, list[Any]]:
    """Return what `law` finds, by the path of the file; files without a finding are left out."""
    found = {str(path.relative_to(ROOT)): law(path.read_text()) for path in paths}
    return {path: findings for path, findings in found.items() if findings}


def too_long(text: str) -> list[int]:
    """Return the number of lines if it is over the budget of a file."""
    lines = len(text.splitlines())
    return [lines] if lines > LONGEST_FILE else []


def forbidden_name(path: Path) -> bool:
    """Return whether a module has a name that says nothing about its contents."""
    return path.stem in FORBIDDEN_MODULES


def forbidden_verbs(text: str) -> list[str]:
    """Return the public functions whose verb says nothing."""
    return [
        node.name
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.FunctionDef)
        and node.name.startswith(FORBIDDEN_VERBS)
        and node.name not in NAMED_BY_FRAMEWORKS
    ]


def status_assignments(text: str) -> list[int]:
    """Return the lines that assign `.status` to a row: only `transition()` may."""
    lines = []
    for node in ast.walk(ast.parse(text)):
        targets = (
            node.targets
            if isinstance(node, ast.Assign)
            else [node.target]
            if isinstance(node, ast.AnnAssign)
            else []
        )
        lines += [t.lineno for t in targets if isinstance(t, ast.Attribute) and t.attr == "status"]
    return lines


def signal_receivers(text: str) -> list[str]:
    """Return names of Django's signals that the source imports."""
    return [
        alias.name
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("django.d")
        for alias in node.names
        if alias.name in RECEIVERS
    ]


def save_overrides(text: str) -> list[int]:
    """Return the lines where a class overrides `save` or `delete`: logic belongs to a verb."""
    return [
        item.lineno
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.ClassDef)
        for item in node.body
        if isinstance(item, ast.FunctionDef) and item.name in {"save", "delete"}
    ]


def floats(text: str) -> list[int]:
    """Return the lines that make or name a float: money is whole minor units."""
    found = []
    for node in ast.walk(ast.parse(text)):
        is_constant = isinstance(node, ast.Constant) and isinstance(node.value, float)
        is_name = isinstance(node, ast.Name) and node.id == "float"
        if is_constant or is_name:
            found.append(node.lineno)
    return found


def clock_readings(text: str) -> list[int]:
    """Return the lines that ask the system's clock: verbs take `at`."""
    calls = {
        ("timezone", "now"),
        ("datetime", "now"),
        ("datetime", "utcnow"),
        ("date", "today"),
        ("time", "time"),
    }
    return [
        node.lineno
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and isinstance(node.func.value, ast.Name)
        and (node.func.value.id, node.func.attr) in calls
    ]


def undocumented(text: str) -> list[str]:
    """Return the public functions and classes without a docstring; nested and private ones are free."""
    return [
        node.name
        for node in ast.parse(text).body
        if isinstance(node, ast.FunctionDef | ast.ClassDef)
        and not node.name.startswith("_")
        and ast.get_docstring(node) is None
    ]
