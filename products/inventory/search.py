"""Products by a part of their names, without reading the rest.

Under row-level security PostgreSQL uses an index only with operators that are leakproof. LIKE is not, and
neither are those of trigram and array indexes; the comparisons of a btree are. So the table
`products_searchpart` holds, for each letter of a product's words, what follows from there (at most 24
letters), and a part is a range of its key. Triggers keep it (decision 12).
"""

from dataclasses import dataclass
from typing import Any, TypeVar

from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField
from django.db.models import (
    BigIntegerField,
    F,
    Func,
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
IDS: "ArrayField[Any, Any]" = ArrayField(BigIntegerField())
# The ids that `sort_or_go_along` has read, within it.
HELD = RawSQL("held.ids", (), output_field=IDS)


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
        ids = self._ids("" if most is None else f" order by part, product_id limit {most:d}")
        return self._among(ids, products)

    def among_held(self, products: QuerySet[Row]) -> QuerySet[Row]:
        """Return the same within `sort_or_go_along`, which reads the ids once."""
        return self._among(HELD, products)

    def sort_or_go_along(self, sort: ArraySubquery, go_along: ArraySubquery) -> Func:
        """Return what `sort` finds by `among_held`; where too many hold the part, what `go_along` finds.

        Without its offset the database would write the query of the ids at each place that names them.
        """
        chosen = Func(
            go_along,
            sort,
            template=f"CASE WHEN cardinality(held.ids) > {MOST_SORTED:d} THEN %(expressions)s END",
            arg_joiner=" ELSE ",
            output_field=IDS,
        )
        return Func(
            chosen,
            self._ids(f" limit {MOST_SORTED + 1:d}"),
            template="(SELECT %(expressions)s OFFSET 0) held (ids))",
            arg_joiner=" FROM (SELECT ",
            output_field=IDS,
        )

    @property
    def holds(self) -> GreaterThan:
        """Whether a product holds the part, by reading its names."""
        wanted = Lower(Value(self.whole or self.part, output_field=TextField()))
        return GreaterThan(StrIndex(F("searched"), wanted, output_field=IntegerField()), 0)

    def _among(self, ids: RawSQL, products: QuerySet[Row]) -> QuerySet[Row]:
        found = products.filter(is_among(ids))
        return found.filter(self.holds) if self.whole else found

    def _ids(self, end: str) -> RawSQL:
        values = (self.organization_id, self.part, self.part, LAST)
        return RawSQL(f"array({FIND}{end})", values, output_field=IDS)  # noqa: S611  (our own SQL)


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
