"""The guard of new lines is asked once for each statement that writes some (BIL-16)."""

from pathlib import Path
from typing import ClassVar

from django.db import migrations

SQL = Path(__file__).parent / "sql"


def read(name: str) -> str:
    return (SQL / name).read_text(encoding="utf-8")


class Migration(migrations.Migration):
    dependencies: ClassVar = [("billing", "0029_stages")]

    operations: ClassVar = [
        migrations.RunSQL(
            read("line_guard_statement.sql"),
            read("line_guard_statement_down.sql") + read("line_guard_covers.sql"),
        ),
    ]
