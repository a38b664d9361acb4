"""Names that count as the same in whatever case, as the unique indexes on `lower(name)` see them."""

from django.db.models import F, Value
from django.db.models.functions import Lower
from django.db.models.lookups import Exact


def is_named(name: str) -> Exact:
    """Return the condition that a row's `name` is this one, as the index compares them.

    `iexact` compares capitals, which is another question: ẞ and ß have one small letter, but two capitals.
    """
    return Exact(Lower(F("name")), Lower(Value(name)))


def lowered(name: str) -> str:
    """Return the name as the database lowers it: each letter by itself, and each to a single one."""
    return "".join(letter.lower()[0] for letter in name)
