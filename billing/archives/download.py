"""The answer that sends a file, for the page and the API."""

from django.http import StreamingHttpResponse

from billing.archives.models import PeriodArchive
from billing.archives.selectors import read_parts
from manager.kit.errors import NotFound


def send(row: PeriodArchive) -> StreamingHttpResponse:
    """Return the file as a download.

    :raises NotFound: it is not ready.
    """
    if not row.is_ready:
        raise NotFound
    headers = {"Content-Disposition": f'attachment; filename="{row}"', "Content-Length": str(row.size)}
    return StreamingHttpResponse(read_parts(row), content_type="application/zip", headers=headers)
