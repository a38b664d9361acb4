"""Money set aside for invoices: its accounts, its rows, and what the database holds about them (BIL-16)."""

from pathlib import Path

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q

from manager.kit.rowsecurity import ProtectTenant

SQL = Path(__file__).parent / "sql"


def read(name: str) -> str:
    return (SQL / name).read_text(encoding="utf-8")


class Migration(migrations.Migration):
    dependencies = [("billing", "0012_transfer")]

    operations = [
        migrations.AlterField(
            "account",
            "kind",
            models.CharField(
                choices=[
                    ("receivable", "Receivable"),
                    ("revenue", "Revenue"),
                    ("tax", "VAT"),
                    ("prepaid", "Prepaid account"),
                    ("provider", "Payment provider"),
                    ("bank", "Bank"),
                    ("reserved", "Set aside for invoices"),
                    ("payouts", "Payouts on their way"),
                ],
                max_length=12,
            ),
        ),
        migrations.AddConstraint(
            "account",
            models.CheckConstraint(
                condition=~Q(kind__in=["reserved", "payouts"]) | Q(balance__gte=0),
                name="set_aside_not_negative",
            ),
        ),
        migrations.CreateModel(
            name="Reservation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("attempt_id", models.BigIntegerField(null=True)),
                (
                    "source",
                    models.CharField(
                        choices=[("prepaid", "Prepaid account"), ("transfer", "Bank transfer")], max_length=8
                    ),
                ),
                ("amount", models.BigIntegerField()),
                ("currency", models.CharField(choices=[("CHF", "CHF"), ("EUR", "EUR")], max_length=3)),
                ("key", models.CharField(max_length=120)),
                ("created_at", models.DateTimeField()),
                ("captured_at", models.DateTimeField(null=True)),
                ("released_at", models.DateTimeField(null=True)),
                (
                    "invoice",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reservations",
                        to="billing.invoice",
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organizations.organization",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=Q(("captured_at", None), ("released_at", None)),
                        fields=["invoice"],
                        name="reservation_open",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("organization", "key"), name="reservation_once_per_key"),
                    models.CheckConstraint(condition=Q(amount__gt=0), name="reservation_amount_positive"),
                    models.CheckConstraint(
                        condition=Q(("captured_at", None), ("released_at", None), _connector="OR"),
                        name="reservation_ends_once",
                    ),
                ],
            },
        ),
        ProtectTenant("Reservation"),
        migrations.RunSQL(read("reservations.sql"), read("reservations_down.sql")),
    ]
