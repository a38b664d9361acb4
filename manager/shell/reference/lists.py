"""How the OpenAPI document tells what lists can be asked for, and what stands beside their rows (API-1)."""

from typing import Any

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiParameter

from manager.kit.keyset import COUNT_LIMIT, MAX_CURSOR, PAGE_SIZE
from manager.kit.listing import FALLING, MAX_SEARCH, MOST_ON_A_PAGE, RISING, TOTAL, Listing

Schema = dict[str, Any]

_COUNT: Schema = {"type": "integer", "minimum": 0}
_CURSOR: Schema = {"type": ["string", "null"]}
PLACES: Schema = {
    "next": {
        **_CURSOR,
        "description": "The cursor for `after` that leads on; null at the end.",
    },
    "previous": {**_CURSOR, "description": "The cursor for `before` that leads to the page before."},
    "total": {**_COUNT, "description": f"How many rows match, at most {COUNT_LIMIT}; only when asked for."},
    "is_total_exact": {"type": "boolean", "description": "False where more rows match than `total` says."},
    "page": {"type": ["integer", "null"], "description": "The number asked for."},
    "pages": {"type": ["integer", "null"], "description": "How many pages there are; null when not counted."},
    "items_per_page": _COUNT,
}


def describe_listing(schema: AutoSchema, listing: Listing) -> list[OpenApiParameter]:
    """Return the query parameters of a list, whose operation `schema` describes."""
    return [*_filters(schema, listing), *_choices(listing), *_paging()]


def _filters(schema: AutoSchema, listing: Listing) -> list[OpenApiParameter]:
    found = []
    for name, field in listing.filters().fields.items():
        told = dict(schema._map_serializer_field(field, "request"))  # type: ignore[no-untyped-call]  # noqa: SLF001  (the library's own way to describe a field)
        told.pop("default", None)
        found.append(_parameter(f"filter[{name}]", told, str(field.help_text or "")))
    return found


def _choices(listing: Listing) -> list[OpenApiParameter]:
    found = []
    if listing.searched:
        words = {"type": "string", "maxLength": MAX_SEARCH}
        found.append(_parameter("search", words, "Only rows that contain these words."))
    if listing.orders:
        usual = FALLING if listing.descending else RISING
        columns = {"type": "string", "enum": list(listing.orders)}
        found.append(
            _parameter("order_by", columns, f"Sort by this; `{next(iter(listing.orders))}` by itself.")
        )
        found.append(
            _parameter("order", {"type": "string", "enum": [RISING, FALLING]}, f"`{usual}` by itself.")
        )
    if listing.expands:
        names = "Names, with commas between: " + ", ".join(f"`{name}`" for name in listing.expands)
        found.append(_parameter("with", {"type": "string"}, names + "."))
    return found


def _paging() -> list[OpenApiParameter]:
    cursor = {"type": "string", "maxLength": MAX_CURSOR}
    number = {"type": "integer", "minimum": 1, "maximum": COUNT_LIMIT}
    size = {"type": "integer", "minimum": 1, "maximum": MOST_ON_A_PAGE}
    return [
        _parameter("after", cursor, "The cursor `next` of the page before."),
        _parameter("before", cursor, "The cursor `previous` of the page after."),
        _parameter("page", number, "A page by its number, with totals; within the first 1,000 rows."),
        _parameter("per_page", size, f"Rows on a page; {PAGE_SIZE} by itself."),
        _parameter("return", {"type": "string", "enum": [TOTAL]}, "Totals alone, without rows."),
    ]


def _parameter(name: str, schema: Schema, description: str) -> OpenApiParameter:
    return OpenApiParameter(name, schema, description=description)
