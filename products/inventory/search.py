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
from django.db.models import BigIntegerField, F, IntegerField, Model, QuerySet, TextField, Value
from django.db.models.expressions import RawSQL
from django.db.models.functions import Lower, StrIndex
from django.db.models.lookups import GreaterThan

from organizations.profile.models import Organization

Row = TypeVar("Row", bound=Model)

PART_LENGTH = 24
# So many parts are read. Where more match, a page in any order is full after few rows of its index.
MOST_PARTS = 3000

FIND = """
array(
    select product_id from products_searchpart
    where organization_id = %s and part >= lower(%s) collate "C" and part < lower(%s) || %s collate "C"
    order by part, product_id limit %s
)
"""
# Above every letter in the order of "C".
LAST = "\U0010ffff"


@dataclass(frozen=True, slots=True)
class Words:
    """A part of a name, and the ids of the products that hold it; None where they are too many to name."""

    text: str
    ids: frozenset[int] | None

    def filter(self, products: QuerySet[Row]) -> QuerySet[Row]:
        """Return those of `products` whose name, internal name or reference holds the text."""
        if self.ids is not None:
            products = products.filter(pk__in=sorted(self.ids))
            if len(self.text) <= PART_LENGTH:
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
