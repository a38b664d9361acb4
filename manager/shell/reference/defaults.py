"""Defaults of the OpenAPI document: only those that a client may send."""

from typing import Any

EMPTY = ("", None)


def drop_empty_defaults(result: dict[str, Any], **_more: Any) -> dict[str, Any]:
    """Remove defaults that stand for "nothing chosen" beside a list of choices.

    Left out and empty is one to us; a client that is typed by the document cannot have a default that is
    none of the choices.
    """
    _visit(result)
    return result


def _visit(node: Any) -> None:
    if isinstance(node, list):
        for item in node:
            _visit(item)
    elif isinstance(node, dict):
        if node.get("default", "set") in EMPTY and _has_choices(node):
            del node["default"]
        for item in node.values():
            _visit(item)


def _has_choices(schema: dict[str, Any]) -> bool:
    """Return whether the values are listed here, or by the component that the schema names."""
    if "enum" in schema:
        return schema["default"] not in schema["enum"]
    return bool({"$ref", "allOf"} & schema.keys())
