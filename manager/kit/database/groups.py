"""Store rows in groups, each behind a savepoint of its own: what the database refuses keeps nothing else out.

The savepoints are set by the database itself, in one statement for all groups: for each one that is refused
it costs little more than that group, where asking from outside is a statement for each step of a search.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

import psycopg
from django.db import DatabaseError, connections, utils
from django.db.models import Model

from manager.kit.database.sets import quoted_table

# No refusals of a row, and so not caught: lost connections, deadlocks, full disks, locks and waits too long.
NO_REFUSALS = ("08", "40", "53", "55", "57", "58", "XX")

STORE = """
CREATE TEMP TABLE staged_refusals (place bigint, state text, by_constraint text, told text) ON COMMIT DROP;
DO $$
DECLARE
    one bigint;
    state text;
    by_constraint text;
    told text;
BEGIN
    FOR one IN {groups} LOOP
        BEGIN
            {inserts}
        EXCEPTION WHEN OTHERS THEN
            GET STACKED DIAGNOSTICS state = RETURNED_SQLSTATE, by_constraint = CONSTRAINT_NAME,
                told = MESSAGE_TEXT;
            IF left(state, 2) IN ({no_refusals}) THEN
                RAISE;
            END IF;
            INSERT INTO staged_refusals VALUES (one, state, by_constraint, told);
        END;
    END LOOP;
END $$;
"""


@dataclass(frozen=True, slots=True)
class Refusal:
    """What the database said against a row, and the constraint that refused it, "" where none did."""

    error: Exception
    constraint: str

    @classmethod
    def of(cls, error: Exception) -> "Refusal":
        """Return the refusal of an error that was raised; no constraint where it is not the database's."""
        told = getattr(getattr(error.__cause__, "diag", None), "constraint_name", None)
        return cls(error, told or "")


@dataclass(frozen=True, slots=True)
class StagedRows:
    """Temporary tables of rows that are not stored yet; `keys` says which column of a table is the group."""

    keys: Mapping[type[Model], str]
    using: str

    def store(self) -> dict[int, Refusal]:
        """Store all rows, group by group in the order of their keys; return the groups that were refused.

        Each group has a row in the first of the tables. Foreign keys are asked at the commit.

        :raises OperationalError: a lock is waited for too long, or the connection is lost.
        """
        first, key = next(iter(self.keys.items()))
        inserts = [
            f"INSERT INTO {quoted_table(model)} SELECT * FROM {quoted_table(model, is_staged=True)}"  # noqa: S608  (names of tables)
            f' WHERE "{column}" = one;'
            for model, column in self.keys.items()
        ]
        statement = STORE.format(
            groups=f'SELECT DISTINCT "{key}" FROM {quoted_table(first, is_staged=True)} ORDER BY 1',  # noqa: S608  (as above)
            inserts=" ".join(inserts),
            no_refusals=", ".join(f"'{code}'" for code in NO_REFUSALS),
        )
        with connections[self.using].cursor() as cursor:
            cursor.execute(statement)
            cursor.execute("SELECT place, state, by_constraint, told FROM staged_refusals")
            return {
                place: Refusal(_error_of(state, told), constraint)
                for place, state, constraint, told in cursor.fetchall()
            }


@contextmanager
def staged(keys: Mapping[type[Model], str], *, using: str) -> Iterator[StagedRows]:
    """Give temporary tables for `insert_rows` and `insert_copies` with `is_staged`, to be stored in groups.

    Within a transaction; what is not stored in the block is forgotten with it.
    """
    with connections[using].cursor() as cursor:
        for model, key in keys.items():
            table, name = quoted_table(model), quoted_table(model, is_staged=True)
            cursor.execute(
                f"CREATE TEMP TABLE {name} (LIKE {table} INCLUDING DEFAULTS) ON COMMIT DROP;"
                f" ALTER TABLE {name} ALTER COLUMN id"
                f" SET DEFAULT nextval(pg_get_serial_sequence('{table}', 'id'));"
                f' CREATE INDEX ON {name} ("{key}")'
            )
        yield StagedRows(keys, using)
        tables = [quoted_table(model, is_staged=True) for model in keys]
        cursor.execute(f"DROP TABLE {', '.join([*tables, 'staged_refusals'])}")


def _error_of(state: str, told: str) -> DatabaseError:
    """Return the error that Django would raise for a code of PostgreSQL."""
    kinds = psycopg.errors.lookup(state).__mro__
    found = next((kind.__name__ for kind in kinds if hasattr(utils, kind.__name__)), "DatabaseError")
    error: DatabaseError = getattr(utils, found)(told)
    return error
