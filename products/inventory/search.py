"""Products by a part of their names, without reading the rest.

Under row-level security PostgreSQL uses an index only with operators that are leakproof. LIKE is not, and
neither are those of trigram and array indexes; the comparisons of a btree are. So the table
`products_searchpart` holds, for each letter of a product's words, what follows from there (at most 24
letters), and a part is a range of its key. Triggers keep it (decision 12).
"""

from dataclasses import dataclass
from typing import Any, TypeVar

from django.contrib.postgres.fields import ArrayField
from django.db.models import (
    BigIntegerField,
    BooleanField,
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
# Of so many parts the products are looked up and sorted. Where more match, a page in any order is mostly full
# after few rows of its index.
MOST_PARTS = 3000
# Beyond, what does not come soon in an order is looked for along its index to the end.
MOST_SORTED = 30_000

FIND = """
    select product_id from products_searchpart
    where organization_id = %s and part >= lower(%s) collate "C" and part < lower(%s) || %s collate "C"
"""
# Above every letter in the order of "C".
LAST = "\U0010ffff"


@dataclass(frozen=True, slots=True)
class Words:
    """A part of the names of an organization's products; `is_rare` where few enough hold it to be looked up.

    `part` are its first 24 letters, `whole` all of them where they are more.
    """

    organization_id: int
    part: str
    is_rare: bool
    whole: str = ""

    def filter(self, products: QuerySet[Row]) -> QuerySet[Row]:
        """Return those of `products` whose name, internal name or reference holds the part."""
        return self.look_up(products) if self.is_rare else products.filter(self.holds)

    def look_up(self, products: QuerySet[Row], *, most: int | None = None) -> QuerySet[Row]:
        """Return the same by the ids of those that hold the part, of which `most` are read."""
        limit = "" if most is None else f" order by part, product_id limit {most:d}"
        ids = self._raw(f"array({FIND}{limit})", output_field=ArrayField(BigIntegerField()))
        products = products.filter(is_among(ids))
        return products.filter(self.holds) if self.whole else products

    @property
    def holds(self) -> GreaterThan:
        """Whether a product holds the part, by reading its names."""
        wanted = Lower(Value(self.whole or self.part, output_field=TextField()))
        return GreaterThan(StrIndex(F("searched"), wanted, output_field=IntegerField()), 0)

    @property
    def is_everywhere(self) -> RawSQL:
        """Whether more products hold the part than are sorted, without those that come soon in an order."""
        return self._raw(f"exists({FIND} offset {MOST_SORTED:d})", output_field=BooleanField())

    def _raw(self, sql: str, **more: Any) -> RawSQL:
        return RawSQL(sql, (self.organization_id, self.part, self.part, LAST), **more)  # noqa: S611  (our own SQL)


def counted(part: str, *, organization_id: int) -> RawSQL:
    """Return, as a part of another query, how many parts of names begin with `part`, for `words_of`.

    The part is at most PART_LENGTH letters of what is looked for; nothing is counted beyond MOST_PARTS.
    """
    return RawSQL(  # noqa: S611  (a statement of our own; what was typed is a parameter)
        f"(select count(*) from ({FIND} limit {MOST_PARTS + 1:d}) found)",  # noqa: S608  (constants)
        (organization_id, part, part, LAST),
        output_field=IntegerField(),
    )


def words_of(text: str, found: int, *, organization_id: int) -> Words:
    """Return what `counted` found of `text`."""
    whole = text if len(text) > PART_LENGTH else ""
    return Words(organization_id, text[:PART_LENGTH], found <= MOST_PARTS, whole)


def look_up(text: str, *, organization_id: int) -> Words:
    """Return how products that hold `text` are found, by its first 24 letters; one query."""
    found = Organization.objects.filter(pk=organization_id).values_list(
        counted(text[:PART_LENGTH], organization_id=organization_id), flat=True
    )
    return words_of(text, found.first() or 0, organization_id=organization_id)
