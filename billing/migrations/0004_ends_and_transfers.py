"""Nothing is billed in a deleted organization; lines of a product that was transferred stay."""

from pathlib import Path
from typing import ClassVar

from django.db import migrations

SQL = Path(__file__).parent / "sql"
TABLES = ("billing_invoice", "billing_order", "billing_paymentattempt")
REFUSE = "".join(
    f"CREATE TRIGGER not_in_deleted BEFORE INSERT ON {table} "
    "FOR EACH ROW EXECUTE FUNCTION refuse_deleted_organization();\n"
    for table in TABLES
)
ALLOW = "".join(f"DROP TRIGGER not_in_deleted ON {table};\n" for table in TABLES)


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("billing", "0003_tax_rates"),
        ("organizations", "0005_sheet"),
        ("products", "0003_transfer"),
    ]

    operations: ClassVar = [
        migrations.RunSQL(REFUSE, ALLOW),
        migrations.RunSQL(
            (SQL / "line_guard.sql").read_text(), (SQL / "line_guard_down.sql").read_text()
        ),
    ]
