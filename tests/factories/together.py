"""Many that do the same at the same moment."""

import threading
from collections.abc import Callable
from typing import Any

from django.db import connections

from manager.kit.errors import DomainError


def at_once(number: int, attempt: Callable[[], object], *, refusal: type[Exception]) -> int:
    """Run `attempt` in that many threads that start together; return how many were not refused.

    Any other error than `refusal` fails the test.
    """
    barrier = threading.Barrier(number)
    succeeded: list[bool] = []
    failures: list[Exception] = []

    def run() -> None:
        barrier.wait()
        try:
            attempt()
            succeeded.append(True)
        except refusal:
            succeeded.append(False)
        except Exception as error:  # noqa: BLE001  (told in the test's own thread)
            failures.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run) for _ in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures, failures
    assert len(succeeded) == number
    return sum(succeeded)


def all_at_once(*acts: Callable[[], Any]) -> list[Any]:
    """Run different acts at the same time and return what came of each: its result, or its refusal.

    Any other error fails the test.
    """
    start = threading.Barrier(len(acts))
    results: dict[int, Any] = {}
    failures: list[Exception] = []

    def run(number: int, act: Callable[[], Any]) -> None:
        start.wait()
        try:
            results[number] = act()
        except DomainError as error:
            results[number] = error
        except Exception as error:  # noqa: BLE001  (told in the test's own thread)
            failures.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures, failures
    return [results[number] for number in range(len(acts))]
