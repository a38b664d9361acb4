"""Lines pay a component of a product, for days that a change of the offer can cut; quotes of such changes."""

from pathlib import Path
from typing import ClassVar

import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
from django.db import migrations, models

from manager.kit.rowsecurity import ProtectTenant

SQL = Path(__file__).parent / "sql"


def read(name: str) -> str:
    return (SQL / name).read_text(encoding="utf-8")


# Of all organizations, and past the guard that freezes issued lines: they say nothing new.
FILL_COVERS = """
ALTER TABLE billing_invoiceline NO FORCE ROW LEVEL SECURITY;
ALTER TABLE billing_invoiceline DISABLE TRIGGER guard;
UPDATE billing_invoiceline SET covers = period WHERE period IS NOT NULL;
ALTER TABLE billing_invoiceline ENABLE TRIGGER guard;
ALTER TABLE billing_invoiceline FORCE ROW LEVEL SECURITY;
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("billing", "0004_ends_and_transfers"), ("products", "0007_offers")]

    operations: ClassVar = [
        migrations.AddField("cartline", "options", models.JSONField(db_default={}, default=dict)),
        migrations.AddField("orderline", "options", models.JSONField(db_default={}, default=dict)),
        migrations.AddField("invoiceline", "component", models.SlugField(blank=True, db_default="", db_index=False, default="")),
        migrations.AddField("invoiceline", "covers", django.contrib.postgres.fields.ranges.DateRangeField(null=True)),
        migrations.RunSQL(FILL_COVERS, migrations.RunSQL.noop),
        migrations.RemoveConstraint("invoiceline", "invoice_line_no_day_twice"),
        migrations.AddConstraint(
            "invoiceline",
            django.contrib.postgres.constraints.ExclusionConstraint(
                condition=models.Q(("counts", True), ("covers__isnull", False), ("product__isnull", False)),
                expressions=[("product", "="), ("component", "="), ("covers", "&&")],
                name="invoice_line_no_day_twice",
            ),
        ),
        migrations.RunSQL(read("line_guard_covers.sql"), read("line_guard.sql")),
        migrations.CreateModel(
            name="ChangeQuote",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("status", models.CharField(choices=[("quoted", "Quoted"), ("accepted", "Waiting for payment"), ("applied", "Done"), ("withdrawn", "Taken back")], default="quoted", max_length=10)),
                ("on", models.DateField()),
                ("months", models.PositiveSmallIntegerField()),
                ("quantity", models.PositiveIntegerField()),
                ("options", models.JSONField(default=dict)),
                ("before", models.JSONField()),
                ("currency", models.CharField(choices=[("CHF", "CHF"), ("EUR", "EUR")], max_length=3)),
                ("charges", models.JSONField(default=list)),
                ("set_off", models.JSONField(default=list)),
                ("surplus", models.JSONField(default=list)),
                ("due_amount", models.BigIntegerField()),
                ("surplus_amount", models.BigIntegerField()),
                ("created_at", models.DateTimeField()),
                ("valid_until", models.DateTimeField()),
                ("accepted_at", models.DateTimeField(null=True)),
                ("settled_at", models.DateTimeField(null=True)),
                ("invoice", models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="change", to="billing.invoice")),
                ("organization", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organizations.organization")),
                ("plan", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="products.plan")),
                ("product", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="products.product")),
            ],
            options={
                "indexes": [
                    models.Index(fields=["status", "valid_until"], name="change_to_end"),
                    models.Index(fields=["product", "-id"], name="change_of_product"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(models.Q(("due_amount", 0), ("surplus_amount__gte", 0)), models.Q(("due_amount__gte", 0), ("surplus_amount", 0)), _connector="OR"),
                        name="change_due_or_surplus",
                    ),
                    models.UniqueConstraint(condition=models.Q(("status", "accepted")), fields=("product",), name="change_one_waiting"),
                ],
            },
        ),
        ProtectTenant("ChangeQuote"),
        migrations.RunSQL(read("change_guard.sql"), read("change_guard_down.sql")),
    ]
