"""YAML without its traps: no aliases (a short file could become an endless one), no key twice.

What is read knows its lines, so that whoever refuses a value can say where it stands.
"""

from typing import Any

import yaml

MAX_DEPTH = 20
# No value of the catalogue has nearly as many digits; very long ones take long to read, and to write out.
MAX_DIGITS = 100


class LinedMapping(dict[Any, Any]):
    """A mapping that knows in which line it begins, and each of its keys."""

    line = 0
    lines: dict[Any, int]


class LinedList(list[Any]):
    """A list that knows in which line it begins, and each of its items."""

    line = 0
    lines: dict[Any, int]


def line_of(value: Any, key: Any = None) -> int:
    """Return the line, from 1 on, in which `key` of a mapping or list stands, or it itself; 0: unknown."""
    if not isinstance(value, LinedMapping | LinedList):
        return 0
    return value.lines.get(key, value.line)


class _Loader(yaml.CSafeLoader):
    """The safe loader that refuses a key that is there twice, where YAML would keep the last one."""

    def construct_object(self, node: yaml.Node, deep: bool = False) -> Any:
        """Return the value; one that is not of its kind is refused, for which the library has no error."""
        try:
            return super().construct_object(node, deep)
        except (ValueError, OverflowError, LookupError, AttributeError) as error:
            problem = (
                f"{str(node.value)[:60]!r} is no value of its kind"  # such as a day that no calendar has
            )
            raise yaml.constructor.ConstructorError(None, None, problem, node.start_mark) from error

    def construct_number(self, node: yaml.ScalarNode) -> int:
        """Return a whole number of at most MAX_DIGITS digits."""
        if len(str(node.value)) > MAX_DIGITS:
            raise yaml.constructor.ConstructorError(None, None, "a number is too long", node.start_mark)
        return self.construct_yaml_int(node)

    def construct_lined_mapping(self, node: yaml.MappingNode) -> LinedMapping:
        """Return a mapping with its lines."""
        found = LinedMapping(self.construct_mapping(node, deep=True))
        found.line = node.start_mark.line + 1
        found.lines = {self.construct_object(key): key.start_mark.line + 1 for key, _value in node.value}
        return found

    def construct_lined_list(self, node: yaml.SequenceNode) -> LinedList:
        """Return a list with its lines."""
        found = LinedList(self.construct_sequence(node, deep=True))
        found.line = node.start_mark.line + 1
        found.lines = {number: item.start_mark.line + 1 for number, item in enumerate(node.value)}
        return found

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


_Loader.add_constructor("tag:yaml.org,2002:int", _Loader.construct_number)
_Loader.add_constructor("tag:yaml.org,2002:map", _Loader.construct_lined_mapping)
_Loader.add_constructor("tag:yaml.org,2002:seq", _Loader.construct_lined_list)


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
    return yaml.load(text, Loader=_Loader)  # noqa: S506  (a safe loader, see above)
