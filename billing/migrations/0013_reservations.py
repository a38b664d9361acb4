"""Money set aside for invoices or on its way out: rows, accounts, and what the database holds (BIL-7, BIL-16)."""

from pathlib import Path

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
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
        migrations.CreateModel(
            name="PayoutBatch",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "means",
                    models.CharField(choices=[("iban", "Bank account"), ("paypal", "PayPal")], max_length=6),
                ),
                ("currency", models.CharField(choices=[("CHF", "CHF"), ("EUR", "EUR")], max_length=3)),
                ("made_by", models.BigIntegerField()),
                ("made_by_name", models.CharField(max_length=200)),
                ("made_at", models.DateTimeField()),
            ],
            options={
                "verbose_name_plural": "payout batches",
            },
        ),
        migrations.CreateModel(
            name="PrepaidSettings",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("notice_below", models.BigIntegerField(null=True)),
                ("noticed_at", models.DateTimeField(null=True)),
                ("auto_below", models.BigIntegerField(null=True)),
                ("auto_amount", models.BigIntegerField(null=True)),
                ("auto_by", models.BigIntegerField(null=True)),
                ("auto_since", models.DateTimeField(null=True)),
                ("stopped_at", models.DateTimeField(null=True)),
            ],
            options={
                "verbose_name_plural": "prepaid settings",
            },
        ),
        migrations.CreateModel(
            name="Withdrawal",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("requested", "Requested"),
                            ("approved", "Approved"),
                            ("sent", "On its way"),
                            ("paid", "Paid out"),
                            ("returned", "Came back"),
                            ("refused", "Refused"),
                            ("cancelled", "Cancelled"),
                        ],
                        default="requested",
                        max_length=10,
                    ),
                ),
                (
                    "means",
                    models.CharField(choices=[("iban", "Bank account"), ("paypal", "PayPal")], max_length=6),
                ),
                ("holder", models.CharField(max_length=70)),
                ("iban", models.CharField(blank=True, max_length=34)),
                ("paypal", models.EmailField(blank=True, max_length=254)),
                ("amount", models.BigIntegerField()),
                ("currency", models.CharField(choices=[("CHF", "CHF"), ("EUR", "EUR")], max_length=3)),
                ("needs_two", models.BooleanField()),
                ("requested_by", models.BigIntegerField(null=True)),
                ("requested_by_name", models.CharField(blank=True, max_length=200)),
                ("requested_at", models.DateTimeField()),
                ("first_approved_by", models.BigIntegerField(null=True)),
                ("first_approved_by_name", models.CharField(blank=True, max_length=200)),
                ("approved_by", models.BigIntegerField(null=True)),
                ("approved_by_name", models.CharField(blank=True, max_length=200)),
                ("approved_at", models.DateTimeField(null=True)),
                ("reason", models.CharField(blank=True, max_length=250)),
                ("paid_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
            ],
            options={
                "permissions": [("pay_out", "Approve and pay out withdrawals")],
            },
        ),
        migrations.AlterField(
            model_name="paymentattempt",
            name="initiator",
            field=models.CharField(
                choices=[("person", "Person"), ("renewal", "Renewal"), ("auto", "Automatic top-up")],
                max_length=8,
            ),
        ),
        migrations.AddConstraint(
            model_name="paymentattempt",
            constraint=models.UniqueConstraint(
                condition=models.Q(
                    ("initiator", "auto"),
                    ("purpose", "top_up"),
                    ("status__in", ["created", "pending", "requires_action", "unknown"]),
                ),
                fields=("organization",),
                name="attempt_one_auto_top_up",
            ),
        ),
        migrations.AddField(
            model_name="prepaidsettings",
            name="auto_method",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="billing.paymentmethod",
            ),
        ),
        migrations.AddField(
            model_name="prepaidsettings",
            name="organization",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organizations.organization"
            ),
        ),
        migrations.AddField(
            model_name="withdrawal",
            name="batch",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="withdrawals",
                to="billing.payoutbatch",
            ),
        ),
        migrations.AddField(
            model_name="withdrawal",
            name="organization",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organizations.organization"
            ),
        ),
        migrations.AddConstraint(
            model_name="prepaidsettings",
            constraint=models.UniqueConstraint(fields=("organization",), name="prepaid_settings_once"),
        ),
        migrations.AddConstraint(
            model_name="prepaidsettings",
            constraint=models.CheckConstraint(
                condition=models.Q(("notice_below", None), ("notice_below__gt", 0), _connector="OR"),
                name="prepaid_notice_positive",
            ),
        ),
        migrations.AddConstraint(
            model_name="prepaidsettings",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("auto_amount", None), ("auto_below", None), ("auto_method", None)),
                    models.Q(
                        ("auto_amount__gte", 10),
                        ("auto_amount__lte", 999900),
                        ("auto_below__gt", 0),
                        ("auto_method__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="prepaid_auto_whole",
            ),
        ),
        migrations.AddIndex(
            model_name="withdrawal",
            index=models.Index(fields=["organization", "-id"], name="withdrawal_newest_first"),
        ),
        migrations.AddIndex(
            model_name="withdrawal",
            index=models.Index(
                condition=models.Q(("status__in", ["requested", "approved", "sent"])),
                fields=["id"],
                name="withdrawal_open",
            ),
        ),
        migrations.AddConstraint(
            model_name="withdrawal",
            constraint=models.CheckConstraint(
                condition=models.Q(("amount__gt", 0)), name="withdrawal_amount_positive"
            ),
        ),
        migrations.AddConstraint(
            model_name="withdrawal",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("means", "iban"), ("paypal", ""), models.Q(("iban", ""), _negated=True)),
                    models.Q(("iban", ""), ("means", "paypal"), models.Q(("paypal", ""), _negated=True)),
                    _connector="OR",
                ),
                name="withdrawal_one_destination",
            ),
        ),
        migrations.AddConstraint(
            model_name="withdrawal",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status__in", ["approved", "paid", "returned", "sent"]), _negated=True),
                    ("approved_by__isnull", False),
                    _connector="OR",
                ),
                name="withdrawal_approved_by_somebody",
            ),
        ),
        migrations.AddConstraint(
            model_name="withdrawal",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("needs_two", False),
                    ("approved_by", None),
                    models.Q(
                        ("first_approved_by__isnull", False),
                        models.Q(("first_approved_by", models.F("approved_by")), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="withdrawal_four_eyes",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="withdrawal",
            trigger=pgtrigger.compiler.Trigger(
                name="follows_the_table",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    declare="DECLARE _is_valid_transition BOOLEAN;",
                    func='SELECT CONCAT(OLD."status", \':\', NEW."status") = ANY(\'{requested:approved,requested:cancelled,requested:refused,approved:refused,approved:sent,sent:paid,sent:returned,paid:returned}\'::text[]) INTO _is_valid_transition; IF (_is_valid_transition IS FALSE AND OLD."status" IS DISTINCT FROM NEW."status") THEN RAISE EXCEPTION \'pgtrigger: Invalid transition of field "status" from "%" to "%" on table %\', OLD."status", NEW."status", TG_TABLE_NAME; ELSE RETURN NEW; END IF;',
                    hash="651fd412c35879733d51855e4f8543d0d6bb0873",
                    operation="UPDATE",
                    pgid="pgtrigger_follows_the_table_41c72",
                    table="billing_withdrawal",
                    when="BEFORE",
                ),
            ),
        ),
        ProtectTenant("Withdrawal"),
        ProtectTenant("PrepaidSettings"),
        migrations.RunSQL(read("withdrawals.sql"), read("withdrawals_down.sql")),
    ]
