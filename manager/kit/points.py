"""Named points between the steps of work that moves money, at which a test may end the process (BIL-16).

`reach` does nothing unless a process of the fault harness watches (`tests/faults/harness`, `make faults`).
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

Hook = Callable[[str, int | None], None]

_hooks: list[Hook] = []


def reach(point: str, organization_id: int | None = None) -> None:
    """Tell the hook, if there is one, that the work of this organization has come to `point`."""
    for hook in _hooks:
        hook(point, organization_id)


def watch(hook: Hook) -> None:
    """Call `hook` at each point from now on, in this process and those that it forks."""
    _hooks.append(hook)


@contextmanager
def watching(hook: Hook) -> Iterator[None]:
    """Call `hook` at each point inside the block."""
    _hooks.append(hook)
    try:
        yield
    finally:
        _hooks.remove(hook)
