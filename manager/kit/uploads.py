"""Files in forms: held in memory, and never more of them than any page needs."""

from typing import Any

from django.core.files.uploadhandler import MemoryFileUploadHandler, StopUpload

AT_MOST = 25_000_000
"""Bytes of all files of one request; what is beyond is not kept, and no file of it reaches the page."""


class BoundedUpload(MemoryFileUploadHandler):
    """Keeps files in memory up to `AT_MOST` bytes in all, and drops the request's files beyond.

    A page's own limit is smaller and has its own message; this one stands before the page, as the
    protection against forged requests reads the form first.
    """

    received = 0

    def handle_raw_input(self, *args: Any, **kwargs: Any) -> None:
        """Take every form in memory, whatever length it announces."""
        self.activated = True

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        """Count what comes, and give up beyond the limit.

        :raises StopUpload: it is too much.
        """
        self.received += len(raw_data)
        if self.received > AT_MOST:
            raise StopUpload(connection_reset=False)
        return super().receive_data_chunk(raw_data, start)
