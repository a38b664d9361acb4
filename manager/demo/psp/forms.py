"""Form bodies as Stripe's libraries write them: `line_items[0][price_data][currency]=chf`."""

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl

TOKEN = re.compile(r"[^\[\]]+|(?<=\[)(?=\])")


def decode(text: str) -> dict[str, Any]:
    """Return nested dictionaries and lists for a form body; all leaves are text."""
    tree: dict[str, Any] = {}
    for key, value in parse_qsl(text, keep_blank_values=True):
        tokens = TOKEN.findall(key) or [key]
        place = tree
        for token in tokens[:-1]:
            following = place.get(token)
            if not isinstance(following, dict):
                following = place[token] = {}
            place = following
        last = tokens[-1] or str(len(place))
        place[last] = value
    return {key: _as_lists(value) for key, value in tree.items()}


def _as_lists(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    if value and all(key.isdigit() for key in value):
        return [_as_lists(value[key]) for key in sorted(value, key=int)]
    return {key: _as_lists(inner) for key, inner in value.items()}


def paths(value: Any, prefix: str = "") -> Iterator[str]:
    """Yield the dotted name of each leaf, without list positions: `line_items.price_data.currency`."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from paths(inner, f"{prefix}.{key}" if prefix else key)
    elif isinstance(value, list):
        for inner in value:
            yield from paths(inner, prefix)
    else:
        yield prefix
