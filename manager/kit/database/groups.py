"""Store rows in groups, each behind a savepoint of its own: what the database refuses keeps nothing else out.

The savepoints are set by the database itself, in one statement for all groups: for each one that is refused
it costs little more than that group, where asking from outside is a statement for each step of a search.
"""

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

import psycopg
from django.db import DatabaseError, InterfaceError, OperationalError, connections, utils
from django.db.models import Model

from manager.kit.database.sets import quoted_table

NO_REFUSALS = ("08", "25", "40", "53", "55", "57", "58", "XX")
"""Codes that say nothing against a row: lost connections, deadlocks, full disks, locks and waits too long."""

STORE = """
CREATE TEMP SEQUENCE staged_place;
CREATE TEMP TABLE staged_refusals (place bigint, member bigint, state text, by_constraint text, told text)
    ON COMMIT DROP;
DO $$
DECLARE
    one bigint;
    members bigint[];
    pending int[];  -- the members to be stored next: pairs of a first and a last
    low int;
    high int;
    reached int;
    is_whole bool;
    is_begun bool;
    state text;
    by_constraint text;
    told text;
BEGIN
    FOR one, members IN {groups} LOOP
        pending := ARRAY[1, cardinality(members)];
        WHILE cardinality(pending) > 0 LOOP
            low := pending[1];
            high := pending[2];
            pending := pending[3:];
            is_whole := high - low + 1 = cardinality(members);
            is_begun := false;
            PERFORM setval('staged_place', members[high]);
            BEGIN
                {heads}
                is_begun := true;
                {parts}
                IF NOT is_whole THEN
                    RAISE SQLSTATE '{taken_back}';
                END IF;
            EXCEPTION WHEN OTHERS THEN
                GET STACKED DIAGNOSTICS state = RETURNED_SQLSTATE, by_constraint = CONSTRAINT_NAME,
                    told = MESSAGE_TEXT;
                IF left(state, 2) IN ({no_refusals}) THEN
                    RAISE;
                END IF;
                CONTINUE WHEN state = '{taken_back}';
                IF is_whole OR low = high THEN
                    INSERT INTO staged_refusals VALUES (
                        one, CASE WHEN NOT is_whole THEN members[low] END, state, by_constraint, told
                    );
                END IF;
                IF is_begun AND low < high THEN
                    reached := array_position(members, (SELECT last_value FROM staged_place));
                    IF reached < high THEN
                        pending := ARRAY[reached, reached, reached + 1, high] || pending;
                    ELSE
                        reached := (low + high) / 2;
                        pending := ARRAY[low, reached, reached + 1, high] || pending;
                    END IF;
                END IF;
            END;
        END LOOP;
    END LOOP;
END $$;
"""

TAKEN_BACK = "MN001"
"""A code of our own, for members that the database takes: they are stored with the others of their group."""


def is_nobodys_fault(error: BaseException) -> bool:
    """Return whether the database says nothing against a row by it: what was tried can be tried again."""
    state = getattr(error.__cause__, "sqlstate", None) or ""
    return isinstance(error, OperationalError | InterfaceError) or state.startswith(NO_REFUSALS)


@dataclass(frozen=True, slots=True)
class Refusal:
    """What the database said against rows, and the constraint that refused them, "" where none did.

    `members` are those of a refused group that are refused by themselves, with what was said against each.
    """

    error: Exception
    constraint: str
    members: dict[int, Exception] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class StagedRows:
    """Temporary tables of rows that are not stored yet.

    `heads` have a row or more for each group, `parts` rows for each member of a group: the columns say which.
    The last of the parts has one row for each member.
    """

    heads: Mapping[type[Model], str]
    parts: Mapping[type[Model], tuple[str, str]]
    using: str

    def store(self) -> dict[int, Refusal]:
        """Store all rows, group by group in the order of their keys; return the groups that were refused.

        Nothing is stored of a refused group; it is tried again, to know the members that are at fault. A
        sequence, which no rollback sets back, tells at which of them the database stopped: those before it
        are sound. Where it stopped behind the last one, as a trigger does that sees them together, the
        members are tried by halves. Foreign keys are asked at the commit.

        :raises OperationalError: a lock is waited for too long, or the connection is lost.
        """
        *_others, (last, (group, member)) = self.parts.items()
        statement = STORE.format(
            groups=f'SELECT "{group}", array_agg("{member}" ORDER BY "{member}")'  # noqa: S608  (names of tables)
            f" FROM {quoted_table(last, is_staged=True)} GROUP BY 1 ORDER BY 1",
            heads=" ".join(_insert(model, f'"{column}" = one') for model, column in self.heads.items()),
            parts=" ".join(
                _insert(
                    model,
                    f'"{column}" = one AND "{each}" BETWEEN members[low] AND members[high]'
                    f" AND setval('staged_place', \"{each}\") > 0",
                )
                for model, (column, each) in self.parts.items()
            ),
            taken_back=TAKEN_BACK,
            no_refusals=", ".join(f"'{code}'" for code in NO_REFUSALS),
        )
        with connections[self.using].cursor() as cursor:
            cursor.execute(statement)
            cursor.execute(
                "SELECT place, member, state, by_constraint, told FROM staged_refusals"
                " ORDER BY member NULLS FIRST"
            )
            return _read_refusals(cursor.fetchall())


def _insert(model: type[Model], condition: str) -> str:
    staged_rows = quoted_table(model, is_staged=True)
    return f"INSERT INTO {quoted_table(model)} SELECT * FROM {staged_rows} WHERE {condition};"  # noqa: S608  (names of tables)


def _read_refusals(rows: Collection[tuple[int, int | None, str, str, str]]) -> dict[int, Refusal]:
    """Return the refusals of groups, which come first, and in them those of their members."""
    refused: dict[int, Refusal] = {}
    for place, member, state, constraint, told in rows:
        error = _error_of(state, told)
        if member is None:
            refused[place] = Refusal(error, constraint)
        else:
            refused[place].members[member] = error
    return refused


@contextmanager
def staged(
    heads: Mapping[type[Model], str], parts: Mapping[type[Model], tuple[str, str]], *, using: str
) -> Iterator[StagedRows]:
    """Give temporary tables for `insert_rows` and `insert_copies` with `is_staged`, to be stored in groups.

    `heads` are tables with the column of their group, `parts` with those of their group and its member.
    Within a transaction; what is not stored in the block is forgotten with it.
    """
    columns = {**{model: (column,) for model, column in heads.items()}, **parts}
    with connections[using].cursor() as cursor:
        for model, keys in columns.items():
            table, name = quoted_table(model), quoted_table(model, is_staged=True)
            cursor.execute(
                f"CREATE TEMP TABLE {name} (LIKE {table} INCLUDING DEFAULTS) ON COMMIT DROP;"
                f" ALTER TABLE {name} ALTER COLUMN id"
                f" SET DEFAULT nextval(pg_get_serial_sequence('{table}', 'id'));"
                f" CREATE INDEX ON {name} ({', '.join(keys)})"
            )
        yield StagedRows(heads, parts, using)
        tables = [quoted_table(model, is_staged=True) for model in columns]
        cursor.execute(f"DROP TABLE {', '.join([*tables, 'staged_refusals'])}; DROP SEQUENCE staged_place")


def _error_of(state: str, told: str) -> DatabaseError:
    """Return the error that Django would raise for a code of PostgreSQL."""
    kinds = psycopg.errors.lookup(state).__mro__
    found = next((kind.__name__ for kind in kinds if hasattr(utils, kind.__name__)), "DatabaseError")
    error: DatabaseError = getattr(utils, found)(told)
    return error
