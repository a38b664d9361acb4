"""How a stored picture is given to a browser: as nothing but a picture (INC-29)."""

from django.http import HttpResponse


def picture_response(data: bytes, *, mime_type: str, digest: str) -> HttpResponse:
    """Return a picture that runs nothing and loads nothing, whatever is in its bytes.

    Pages show it all the same; opened by itself it is a download, named after its `digest`.
    """
    response = HttpResponse(data, content_type=mime_type)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Disposition"] = f'attachment; filename="{digest[:12]}.{mime_type.rpartition("/")[2]}"'
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response
