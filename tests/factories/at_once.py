"""The same attempt many times at the same moment."""

import threading
from collections.abc import Callable

from django.db import connections


def at_once(number: int, attempt: Callable[[], bool]) -> list[bool]:
    """Run `attempt` in that many threads that start together; return which succeeded."""
    barrier = threading.Barrier(number)
    succeeded: list[bool] = []

    def run() -> None:
        barrier.wait()
        try:
            succeeded.append(attempt())
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run) for _ in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return succeeded
