"""YAML without its traps: no aliases (a short file could become an endless one), no key twice."""

from typing import Any

import yaml

MAX_DEPTH = 20


class _Loader(yaml.CSafeLoader):
    """The safe loader that refuses a key that is there twice, where YAML would keep the last one."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        """Return the mapping; each key must be a plain value that is there once."""
        seen: set[Any] = set()
        for key_node, _value in node.value:
            if not isinstance(key_node, yaml.ScalarNode):
                raise yaml.constructor.ConstructorError(
                    None, None, "a key is no plain value", node.start_mark
                )
            key = self.construct_object(key_node)
            if key in seen:
                raise yaml.constructor.ConstructorError(
                    None, None, f"{key_node.value!r} is there twice", key_node.start_mark
                )
            seen.add(key)
        return super().construct_mapping(node, deep)


def load_yaml(text: str) -> Any:
    """Return the value of the document.

    :raises yaml.YAMLError: it is no YAML, has aliases or a key twice, or lies too deep.
    """
    depth = 0
    for event in yaml.parse(text, Loader=yaml.CSafeLoader):
        if isinstance(event, yaml.AliasEvent):
            raise yaml.YAMLError(f"an alias stands at {event.anchor!r}")
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > MAX_DEPTH:
            raise yaml.YAMLError("the document lies too deep")
    try:
        return yaml.load(text, Loader=_Loader)  # noqa: S506  (a safe loader, see above)
    except (ValueError, OverflowError) as error:  # such as a date that no calendar has
        raise yaml.YAMLError(str(error)) from error
