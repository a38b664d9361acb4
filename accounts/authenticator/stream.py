"""Server-sent events for a page that waits: short streams, few at once, polling where there are too many.

A stream holds one of the web server's threads, so each process opens only a few and ends each after 25
seconds; the browser opens the next. Whoever gets none asks every two seconds instead.
"""

import threading
import time
from collections.abc import Callable, Iterator

from django.http import HttpResponse, StreamingHttpResponse

STREAMS_PER_PROCESS = 2
LASTS_SECONDS = 25.0
EVERY_SECONDS = 0.7
RETRY_MILLISECONDS = 500

_free = threading.BoundedSemaphore(STREAMS_PER_PROCESS)


class StateStream:
    """Says a state at once and at each change, until it is one that lasts, or the time is over."""

    def __init__(self, read_state: Callable[[], str], waits: frozenset[str]) -> None:
        self._read_state = read_state
        self._waits = waits
        self._ends_at = time.monotonic() + LASTS_SECONDS
        self._is_open = True

    def __iter__(self) -> Iterator[bytes]:
        """Yield events; what is written each time also shows whether the browser is still there."""
        said = ""
        yield f"retry: {RETRY_MILLISECONDS}\n\n".encode()
        while self._is_open:
            state = self._read_state()
            if state != said:
                yield f"event: state\ndata: {state}\n\n".encode()
                said = state
            else:
                yield b": waiting\n\n"
            if state not in self._waits or time.monotonic() >= self._ends_at:
                return
            time.sleep(EVERY_SECONDS)

    def close(self) -> None:
        """Give the place to another; the web server calls this also when the browser has gone."""
        if self._is_open:
            self._is_open = False
            _free.release()


def answer_stream(
    read_state: Callable[[], str], *, waits: frozenset[str]
) -> HttpResponse | StreamingHttpResponse:
    """Answer with a stream of states; with 204, which ends a browser's tries, where no place is free."""
    if not _free.acquire(blocking=False):
        return HttpResponse(status=204)
    answer = StreamingHttpResponse(StateStream(read_state, waits), content_type="text/event-stream")
    answer["Cache-Control"] = "no-store"
    # Proxies must not collect what is said.
    answer["X-Accel-Buffering"] = "no"
    return answer
