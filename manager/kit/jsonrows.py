"""Rows of several tables by one query: arrays of JSON objects, and the models made of them again."""

from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Model, QuerySet
from django.db.models.functions import JSONObject

Row = TypeVar("Row", bound=Model)


def names_of(model: type[Model], *, but: Iterable[str] = ()) -> tuple[str, ...]:
    """Return the names of the columns of `model`, as its attributes are called."""
    left_out = set(but)
    return tuple(field.attname for field in model._meta.concrete_fields if field.attname not in left_out)  # noqa: SLF001  (documented API)


def rows_of(rows: QuerySet[Any], names: Iterable[str], **further: Any) -> ArraySubquery:
    """Return `rows` as a part of another query: JSON objects with `names`, and `further` expressions."""
    return ArraySubquery(rows.values(told=JSONObject(**{name: name for name in names}, **further)))


def model_of(model: type[Row], told: Mapping[str, Any], **further: Any) -> Row:
    """Return the row that a JSON object tells, as the database would give it; `further` are values beside."""
    fields = {field.attname: field for field in model._meta.concrete_fields}  # noqa: SLF001  (documented API)
    known = {name: fields[name].to_python(value) for name, value in told.items() if name in fields}
    row = model(**known, **further)
    row._state.adding = False  # noqa: SLF001  (documented API)
    return row
