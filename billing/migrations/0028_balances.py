"""Each entry of the ledger keeps what was on its account after it: lists of movements sum up nothing (BIL-7)."""

from pathlib import Path
from typing import ClassVar

import django.db.models.deletion
from django.db import migrations, models

SQL = Path(__file__).parent / "sql"


def read(name: str) -> str:
    return (SQL / name).read_text(encoding="utf-8")


class Migration(migrations.Migration):
    dependencies: ClassVar = [("billing", "0027_accounts")]

    operations: ClassVar = [
        migrations.AddField(
            model_name="entry",
            name="balance",
            field=models.BigIntegerField(db_default=0, default=0, editable=False),
        ),
        migrations.RunSQL(read("ledger_balances_fill.sql"), migrations.RunSQL.noop),
        migrations.RunSQL(read("ledger_balances.sql"), read("ledger_balances_down.sql")),
        migrations.AlterField(
            model_name="entry",
            name="account",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="entries",
                to="billing.account",
            ),
        ),
        migrations.AddIndex(
            model_name="entry",
            index=models.Index(fields=["account", "id"], name="entry_of_account"),
        ),
    ]
