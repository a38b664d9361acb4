"""The verbs of lists: tags, kept filters, columns, the calendar."""

from products.lists.services.calendar import end_calendar, make_calendar
from products.lists.services.filters import (
    choose_columns,
    choose_default,
    delete_filter,
    rename_filter,
    save_filter,
)
from products.lists.services.tagging import find_or_create_tag, find_tags_named, set_tags, tag_products
from products.lists.services.tags import create_tag, delete_tag, edit_tag

__all__ = [
    "choose_columns",
    "choose_default",
    "create_tag",
    "delete_filter",
    "delete_tag",
    "edit_tag",
    "end_calendar",
    "find_or_create_tag",
    "find_tags_named",
    "make_calendar",
    "rename_filter",
    "save_filter",
    "set_tags",
    "tag_products",
]
