"""Files that a page gives to keep: the headers of each in one place.

A file is written whole before it is sent: what is streamed would be read after the view, when the scope that
row-level security asks for is left. Tables are bounded where they are made.
"""

from django.http import HttpResponse
from django.utils.http import content_disposition_header

TABLE = "text/csv; charset=utf-8"
PDF = "application/pdf"


def give_file(content: bytes | str, *, name: str, kind: str = PDF) -> HttpResponse:
    """Return a file to save as `name`, of the content type `kind`. Nobody on the way keeps it."""
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name)
    response["Cache-Control"] = "no-store, private"
    return response


def give_table(table: bytes, *, name: str) -> HttpResponse:
    """Return a table of `write_csv` to save as `name` with the ending of its kind."""
    return give_file(table, name=f"{name}.csv", kind=TABLE)
