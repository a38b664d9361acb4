"""Rows by the hundred thousand, for lists: copies of what the verbs made, each with an id of its own."""

import json

import psycopg

COLUMNS = """
    SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped
    AND attgenerated = ''
"""


def copy_rows(
    database: psycopg.Connection, table: str, row_id: int, number: int, *, begin: int, **changes: str
) -> None:
    """Copy the row `number` times, with the ids from `begin` on.

    `changes` are values in SQL, in which `n` counts from 0; a text in one is to be written with quotes. No
    trigger runs and no reference is looked at: the caller's rows refer to each other.
    """
    columns = [name for (name,) in database.execute(COLUMNS, [table]).fetchall()]
    told = ", ".join(f"'{name}', {value}" for name, value in {"id": f"{begin} + n", **changes}.items())
    made = f"jsonb_populate_record(t, jsonb_build_object({told}))"
    taken = ", ".join(f'(made)."{name}"' for name in columns)
    query = (
        f'INSERT INTO "{table}" ({", ".join(json.dumps(name) for name in columns)}) SELECT {taken} FROM ('
        f'SELECT {made} AS made FROM "{table}" t, generate_series(0, {number - 1}) n WHERE t.id = {row_id}'
        ") copies"
    )
    database.execute("SET session_replication_role = replica")
    database.execute(query.encode())
    database.execute("RESET session_replication_role")
