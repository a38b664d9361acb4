"""The parts that products are found by are asked about where words change: other changes cost nothing."""

from pathlib import Path
from typing import ClassVar

from django.db import migrations

SQL = Path(__file__).parent / "sql"


def read(name: str) -> str:
    return (SQL / name).read_text(encoding="utf-8")


class Migration(migrations.Migration):
    dependencies: ClassVar = [("products", "0013_expiry_order")]

    operations: ClassVar = [migrations.RunSQL(read("parts_by_row.sql"), read("parts_by_row_down.sql"))]
