"""Products by a part of their names, without reading the rest.

Under row-level security PostgreSQL uses an index only with operators that are leakproof. LIKE is not, and
neither are those of trigram and array indexes; the comparisons of a btree are. So the table
`products_searchpart` holds, for each letter of a product's words, what follows from there (at most 24
letters), and a part is a range of its key. Triggers keep it (decision 12).
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import TypeVar

from django.contrib.postgres.fields import ArrayField
from django.db.models import (
    BigIntegerField,
    F,
    IntegerField,
    Model,
    QuerySet,
    TextField,
    Value,
)
from django.db.models.expressions import RawSQL
from django.db.models.functions import Lower, StrIndex
from django.db.models.lookups import GreaterThan

from manager.kit.keyset import is_among
from organizations.profile.models import Organization

Row = TypeVar("Row", bound=Model)

PART_LENGTH = 24
# So many parts are read. Where more match, a page in any order is full after few rows of its index.
MOST_PARTS = 3000

HOLDING = """
    select product_id from products_searchpart
    where organization_id = %s and part >= lower(%s) collate "C" and part < lower(%s) || %s collate "C"
"""
FIND = f"array({HOLDING} order by part, product_id limit %s)"
FIND_ALL = f"array({HOLDING})"
# Above every letter in the order of "C".
LAST = "\U0010ffff"


@dataclass(frozen=True, slots=True)
class Words:
    """A part of a name, and the ids of the products that hold it; None where they are too many to name.

    With `of`, the id of their organization, the database finds those by the part, rather than by looking at
    one row after the other in the order of the list.
    """

    text: str
    ids: frozenset[int] | None
    of: int | None = None

    @property
    def are_found(self) -> bool:
        """Whether the products are known by their ids, which are then brought in order."""
        return self.ids is not None or self.of is not None

    def filter(self, products: QuerySet[Row]) -> QuerySet[Row]:
        """Return those of `products` whose name, internal name or reference holds the text."""
        if self.ids is not None:
            products = products.filter(pk__in=sorted(self.ids))
        elif self.of is not None:
            part = self.text[:PART_LENGTH]
            ids = RawSQL(FIND_ALL, (self.of, part, part, LAST), output_field=BigIntegerField())  # noqa: S611  (as in `matching`)
            products = products.filter(is_among(ids))
        if self.are_found and len(self.text) <= PART_LENGTH:
            return products
        wanted = Lower(Value(self.text, output_field=TextField()))
        found_at = StrIndex(F("searched"), wanted, output_field=IntegerField())
        return products.filter(GreaterThan(found_at, 0))


def matching(part: str, *, organization_id: int) -> RawSQL:
    """Return, as a part of another query, an array of the products that hold `part`, for `words_of`.

    The part is at most PART_LENGTH letters of what is looked for.
    """
    return RawSQL(  # noqa: S611  (a statement of our own; what was typed is a parameter)
        FIND,
        (organization_id, part, part, LAST, MOST_PARTS + 1),
        output_field=ArrayField(BigIntegerField()),
    )


def words_of(text: str, found: Collection[int]) -> Words:
    """Return what `matching` found of `text`."""
    return Words(text, frozenset(found) if len(found) <= MOST_PARTS else None)


def look_up(text: str, *, organization_id: int) -> Words:
    """Return which products hold `text`, of which the first 24 letters are looked up; one query."""
    found = Organization.objects.filter(pk=organization_id).values_list(
        matching(text[:PART_LENGTH], organization_id=organization_id), flat=True
    )
    return words_of(text, found.first() or ())
