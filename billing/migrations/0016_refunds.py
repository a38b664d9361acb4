"""Refunds by staff, disputes, fees of the provider, and the sweep of messages that never arrived."""

from pathlib import Path

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

from manager.kit.rowsecurity import ProtectTenant

SQL = Path(__file__).parent / "sql"


def read(name: str) -> str:
    return (SQL / name).read_text(encoding="utf-8")


class Migration(migrations.Migration):
    dependencies = [("billing", "0015_bank")]

    operations = [
        migrations.CreateModel(
            name="ChargeFee",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("amount", models.BigIntegerField(null=True)),
                ("currency", models.CharField(choices=[("CHF", "CHF"), ("EUR", "EUR")], max_length=3)),
                ("tries", models.PositiveIntegerField(default=0)),
                ("due_at", models.DateTimeField(null=True)),
                ("told_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Dispute",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("gateway", models.SlugField()),
                ("reference", models.CharField(max_length=120)),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("open", "Waits for our answer"),
                            ("review", "Being looked into"),
                            ("won", "Decided for us"),
                            ("lost", "Decided against us"),
                        ],
                        default="open",
                        max_length=10,
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=60)),
                ("amount", models.BigIntegerField()),
                ("fee_amount", models.BigIntegerField(default=0)),
                ("currency", models.CharField(choices=[("CHF", "CHF"), ("EUR", "EUR")], max_length=3)),
                ("evidence_due_at", models.DateTimeField(null=True)),
                ("opened_at", models.DateTimeField()),
                ("withdrawn_at", models.DateTimeField(null=True)),
                ("closed_at", models.DateTimeField(null=True)),
            ],
            options={
                "permissions": [("look_after_disputes", "Look after disputes")],
            },
        ),
        migrations.CreateModel(
            name="EventSweep",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("gateway", models.SlugField(unique=True)),
                ("seen_until", models.DateTimeField()),
                ("due_at", models.DateTimeField()),
                ("last_error", models.CharField(blank=True, max_length=200)),
            ],
        ),
        migrations.AlterModelOptions(
            name="providerevent",
            options={"permissions": [("mend_events", "Look after messages of payment providers")]},
        ),
        migrations.AlterModelOptions(
            name="refund",
            options={"permissions": [("give_refunds", "Give refunds")]},
        ),
        migrations.AddField(
            model_name="providerevent",
            name="is_swept",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name="refund",
            name="begun_by_name",
            field=models.CharField(blank=True, db_default="", default="", max_length=200),
        ),
        migrations.AddField(
            model_name="refund",
            name="ends_products",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name="refund",
            name="kept_amount",
            field=models.BigIntegerField(db_default=0, default=0),
        ),
        migrations.AlterField(
            model_name="account",
            name="kind",
            field=models.CharField(
                choices=[
                    ("receivable", "Receivable"),
                    ("revenue", "Revenue"),
                    ("tax", "VAT"),
                    ("prepaid", "Prepaid account"),
                    ("provider", "Payment provider"),
                    ("bank", "Bank"),
                    ("reserved", "Set aside for invoices"),
                    ("payouts", "Payouts on their way"),
                    ("fees", "Fees of the provider"),
                    ("refunds", "Refunds"),
                    ("promotions", "Promotions"),
                    ("cashback", "Cashback"),
                    ("rounding", "Rounding"),
                    ("disputes", "Disputes"),
                ],
                max_length=12,
            ),
        ),
        migrations.AddConstraint(
            model_name="refund",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("kept_amount", 0),
                    models.Q(
                        ("attempt__isnull", False),
                        ("kept_amount__gt", 0),
                        ("kept_amount__lt", models.F("amount")),
                    ),
                    _connector="OR",
                ),
                name="refund_kept_within",
            ),
        ),
        migrations.AddField(
            model_name="chargefee",
            name="attempt",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT, related_name="fee", to="billing.paymentattempt"
            ),
        ),
        migrations.AddField(
            model_name="chargefee",
            name="organization",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organizations.organization"
            ),
        ),
        migrations.AddField(
            model_name="dispute",
            name="attempt",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="disputes",
                to="billing.paymentattempt",
            ),
        ),
        migrations.AddField(
            model_name="dispute",
            name="organization",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organizations.organization"
            ),
        ),
        migrations.AddIndex(
            model_name="chargefee",
            index=models.Index(
                condition=models.Q(("due_at__isnull", False)), fields=["due_at"], name="fee_to_ask"
            ),
        ),
        migrations.AddConstraint(
            model_name="chargefee",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("amount", None), ("told_at", None)),
                    models.Q(("amount__gte", 0), ("due_at", None), ("told_at__isnull", False)),
                    _connector="OR",
                ),
                name="fee_told_with_amount",
            ),
        ),
        migrations.AddIndex(
            model_name="dispute",
            index=models.Index(fields=["organization", "-id"], name="dispute_newest_first"),
        ),
        migrations.AddConstraint(
            model_name="dispute",
            constraint=models.UniqueConstraint(fields=("gateway", "reference"), name="dispute_once"),
        ),
        migrations.AddConstraint(
            model_name="dispute",
            constraint=models.CheckConstraint(
                condition=models.Q(("amount__gt", 0), ("fee_amount__gte", 0)), name="dispute_amounts"
            ),
        ),
        migrations.AddConstraint(
            model_name="dispute",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("closed_at", None), ("status__in", ["open", "review"])),
                    models.Q(
                        models.Q(("status__in", ["open", "review"]), _negated=True),
                        ("closed_at__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="dispute_closed_when_decided",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="dispute",
            trigger=pgtrigger.compiler.Trigger(
                name="follows_the_table",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    declare="DECLARE _is_valid_transition BOOLEAN;",
                    func='SELECT CONCAT(OLD."status", \':\', NEW."status") = ANY(\'{open:lost,open:review,open:won,review:lost,review:open,review:won}\'::text[]) INTO _is_valid_transition; IF (_is_valid_transition IS FALSE AND OLD."status" IS DISTINCT FROM NEW."status") THEN RAISE EXCEPTION \'pgtrigger: Invalid transition of field "status" from "%" to "%" on table %\', OLD."status", NEW."status", TG_TABLE_NAME; ELSE RETURN NEW; END IF;',
                    hash="dcd596e5683941bbca517c9c6be1c2d4c33a261a",
                    operation="UPDATE",
                    pgid="pgtrigger_follows_the_table_336d2",
                    table="billing_dispute",
                    when="BEFORE",
                ),
            ),
        ),
        ProtectTenant("Dispute"),
        ProtectTenant("ChargeFee"),
        migrations.RunSQL(read("refunds.sql"), read("refunds_down.sql")),
    ]
