"""Days of a product are compared as rectangles, and a line is held to its invoice by one key (BIL-16).

Both cost a third of what they did before. The tables are locked while the indexes are built.
"""

from pathlib import Path
from typing import ClassVar

import django.contrib.postgres.constraints
import django.db.models.deletion
from django.db import migrations, models

from manager.kit.database.calendar import DaysOf

SQL = Path(__file__).parent / "sql"


def read(name: str) -> str:
    return (SQL / name).read_text(encoding="utf-8")


class Migration(migrations.Migration):
    dependencies: ClassVar = [("billing", "0030_line_guard")]

    operations: ClassVar = [
        migrations.RunSQL(read("days_of.sql"), "DROP FUNCTION days_of"),
        migrations.RemoveConstraint("invoiceline", "invoice_line_no_day_twice"),
        migrations.AddConstraint(
            "invoiceline",
            django.contrib.postgres.constraints.ExclusionConstraint(
                condition=models.Q(
                    ("counts", True), ("covers__isnull", False), ("product__isnull", False), ("component", "")
                ),
                expressions=[(DaysOf("product", "covers"), "&&")],
                name="invoice_line_no_day_twice",
            ),
        ),
        migrations.AddConstraint(
            "invoiceline",
            django.contrib.postgres.constraints.ExclusionConstraint(
                condition=models.Q(
                    ("counts", True),
                    ("covers__isnull", False),
                    ("product__isnull", False),
                    models.Q(("component", ""), _negated=True),
                ),
                expressions=[(DaysOf("product", "covers"), "&&"), ("component", "=")],
                name="invoice_line_no_option_day_twice",
            ),
        ),
        migrations.RemoveConstraint("renewal", "renewal_no_day_twice"),
        migrations.AddConstraint(
            "renewal",
            django.contrib.postgres.constraints.ExclusionConstraint(
                condition=models.Q(("status", "cancelled"), _negated=True),
                expressions=[(DaysOf("product", "period"), "&&")],
                name="renewal_no_day_twice",
            ),
        ),
        migrations.RemoveIndex("invoice", "invoice_newest_first"),
        migrations.AddConstraint(
            "invoice",
            models.UniqueConstraint(
                "organization", models.OrderBy(models.F("id"), descending=True), name="invoice_newest_first"
            ),
        ),
        migrations.AlterField(
            "invoiceline",
            "organization",
            models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="organizations.organization",
                db_constraint=False,
                db_index=False,
            ),
        ),
        migrations.AlterField(
            "invoiceline",
            "invoice",
            models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="lines",
                to="billing.invoice",
                db_constraint=False,
                db_index=False,
            ),
        ),
        migrations.AlterField(
            "renewal",
            "organization",
            models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="organizations.organization",
                db_constraint=False,
            ),
        ),
        migrations.AlterField(
            "renewal",
            "invoice",
            models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="renewals",
                to="billing.invoice",
                db_constraint=False,
            ),
        ),
        migrations.AlterField(
            "renewal",
            "method",
            models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="billing.paymentmethod",
                null=True,
                db_index=False,
            ),
        ),
        migrations.RunSQL(read("of_invoice.sql"), read("of_invoice_down.sql")),
        migrations.RunSQL(read("line_guard_once.sql"), read("line_guard_once_down.sql")),
    ]
