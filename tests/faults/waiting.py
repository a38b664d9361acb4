"""Hold a row, so that verbs that want it queue up behind it in a known order."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import psycopg

from tests.factories.payments import close_connections
from tests.fixtures.waiting import count_waiting, wait_until


class Queue:
    """Verbs in threads of their own, each begun when the one before waits for the held row."""

    def __init__(self, connection: psycopg.Connection) -> None:
        self.connection = connection
        self.threads: list[threading.Thread] = []
        self.raised: list[BaseException | None] = []

    def add(self, verb: Callable[[], object]) -> None:
        """Start `verb` and return once it waits for a lock."""
        number = len(self.threads)
        self.raised.append(None)

        def work() -> None:
            try:
                verb()
            except Exception as error:  # noqa: BLE001  (the test looks at it)
                self.raised[number] = error
            finally:
                close_connections()

        thread = threading.Thread(target=work)
        self.threads.append(thread)
        thread.start()
        wait_until(
            lambda: count_waiting(self.connection) >= len(self.threads),
            else_say=lambda: f"{verb} does not wait: {self.raised[number]!r}",
        )


@contextmanager
def holding(connection: psycopg.Connection, table: str, pk: int) -> Iterator[Queue]:
    """Hold the row until the block ends, then let all that queued up behind it run to their end."""
    queue = Queue(connection)
    try:
        with connection.transaction():
            connection.execute(f"select from {table} where id = {pk} for update")
            yield queue
    finally:
        for thread in queue.threads:
            thread.join(timeout=120)
