"""A list of the back office: filters from the address, and one page of what they leave, newest first."""

from collections.abc import Callable
from typing import Any, TypeVar

from django import forms
from django.db.models import Model, QuerySet
from django.http import HttpRequest, QueryDict

from manager.kit.keyset import NEWEST, Page, paginate

Row = TypeVar("Row", bound=Model)


def filtered_list(
    request: HttpRequest, *, filters: type[forms.Form], find: Callable[..., QuerySet[Row]]
) -> dict[str, Any]:
    """Return the context of a list: what `find` gives for the filters of the address, one page of it.

    `page`; `wanted`, what is filtered by, `search` for the field `q`; `is_filtered`; `choices`, those of each
    field that has any; `query`, the address's own, for links beside the list.
    """
    wanted = read_filters(request.GET, filters)
    return {
        "page": newest_page(request, find(**wanted)),
        "wanted": wanted,
        "is_filtered": any(wanted.values()),
        "choices": {
            name: list(field.choices)  # type: ignore[arg-type]  # pairs; none of these is a function
            for name, field in filters().fields.items()
            if isinstance(field, forms.ChoiceField)
        },
        "query": request.GET.urlencode(),
    }


def read_filters(data: QueryDict, filters: type[forms.Form]) -> dict[str, Any]:
    """Return what is filtered by; what a field does not know is left out, as nobody wrote it by hand."""
    form = filters(data)
    form.is_valid()
    names = {name: "search" if name == "q" else name for name in form.fields}
    return {argument: form.cleaned_data.get(name) or "" for name, argument in names.items()}


def newest_page(request: HttpRequest, rows: QuerySet[Row]) -> Page[Row]:
    """Return the page of `rows` that the address asks for, newest first.

    :raises CursorInvalid: its place in the list was not made here.
    """
    after, before = (request.GET.get(name, "") for name in ("after", "before"))
    return paginate(rows, key=NEWEST, descending=True, after=after, before=before)
