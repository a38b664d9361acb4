"""Statements of the bank with their entries, what staff decided, and what was booked of them."""

import django.db.models.deletion
import django.db.models.expressions
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

from manager.kit.rowsecurity import ProtectTenant


class Migration(migrations.Migration):
    dependencies = [
        ("billing", "0014_means"),
    ]

    operations = [
        migrations.CreateModel(
            name="BankReceipt",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("settled", "Invoice paid"),
                            ("part", "Part of an invoice"),
                            ("balance", "Prepaid account"),
                            ("taken_back", "Taken back"),
                        ],
                        max_length=10,
                    ),
                ),
                ("amount", models.BigIntegerField()),
                ("to_invoice", models.BigIntegerField(default=0)),
                ("to_balance", models.BigIntegerField(default=0)),
                ("charges", models.BigIntegerField(default=0)),
                ("currency", models.CharField(choices=[("CHF", "CHF"), ("EUR", "EUR")], max_length=3)),
                ("received_on", models.DateField()),
                ("payer", models.CharField(blank=True, max_length=140)),
                ("booked_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="EntryDecision",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("verb", models.CharField(max_length=20)),
                ("reason", models.CharField(blank=True, max_length=300)),
                ("data", models.JSONField(default=dict)),
                ("actor_kind", models.CharField(max_length=10)),
                ("actor_id", models.BigIntegerField(null=True)),
                ("actor_name", models.CharField(blank=True, max_length=200)),
                ("at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Statement",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("digest", models.CharField(max_length=64, unique=True)),
                ("file_name", models.CharField(max_length=200)),
                (
                    "source",
                    models.CharField(
                        choices=[("upload", "Uploaded"), ("folder", "Drop folder"), ("command", "Command")],
                        max_length=8,
                    ),
                ),
                ("kind", models.CharField(max_length=8)),
                ("version", models.CharField(max_length=2)),
                ("message_id", models.CharField(blank=True, max_length=70)),
                ("accounts", models.JSONField(default=list)),
                ("known_count", models.PositiveIntegerField(default=0)),
                ("pending_count", models.PositiveIntegerField(default=0)),
                ("imported_at", models.DateTimeField()),
                ("imported_by", models.BigIntegerField(null=True)),
                ("imported_by_name", models.CharField(blank=True, max_length=200)),
            ],
            options={
                "permissions": [("look_after_bank", "Look after bank statements and match payments")],
            },
        ),
        migrations.CreateModel(
            name="StatementEntry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("identity", models.CharField(max_length=64, unique=True)),
                ("booking", models.CharField(db_index=True, max_length=64)),
                ("is_sum", models.BooleanField(default=False)),
                ("iban", models.CharField(max_length=34)),
                ("currency", models.CharField(choices=[("CHF", "CHF"), ("EUR", "EUR")], max_length=3)),
                ("amount", models.BigIntegerField()),
                ("charges", models.BigIntegerField(default=0)),
                ("is_credit", models.BooleanField()),
                ("is_reversal", models.BooleanField(default=False)),
                ("booked_on", models.DateField()),
                ("value_on", models.DateField()),
                ("reference", models.CharField(blank=True, max_length=40)),
                ("text", models.CharField(blank=True, max_length=500)),
                ("name", models.CharField(blank=True, max_length=140)),
                ("name_iban", models.CharField(blank=True, max_length=34)),
                ("end_to_end", models.CharField(blank=True, max_length=70)),
                ("bank_reference", models.CharField(blank=True, max_length=70)),
                ("instructed", models.CharField(blank=True, max_length=40)),
                ("return_reason", models.CharField(blank=True, max_length=140)),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("new", "Read, not looked at yet"),
                            ("waiting", "Waits for staff"),
                            ("proposed", "Proposal to confirm"),
                            ("booked", "Booked"),
                            ("not_ours", "Not ours"),
                            ("outgoing", "Payment of ours"),
                            ("replaced", "Replaced by its details"),
                        ],
                        default="new",
                        max_length=8,
                    ),
                ),
                (
                    "why",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "Not looked at yet"),
                            ("qr_reference", "QR reference"),
                            ("creditor_reference", "Creditor reference"),
                            ("reference_in_text", "Reference found in the text"),
                            ("number_in_text", "Invoice number found in the text"),
                            ("amount_and_name", "Amount and name agree"),
                            ("amount", "Amount agrees, the name does not"),
                            ("by_hand", "Assigned by hand"),
                            ("other_currency", "The currency is not that of the invoice"),
                            ("other_entity", "The account is of another company than the invoice"),
                            ("unknown_reference", "The reference names nothing that exists"),
                            ("foreign_reference", "The reference is not one of ours"),
                            ("several", "Several invoices are named"),
                            ("nothing_found", "Nothing fits"),
                            ("sum_only", "A batch without its details"),
                            ("reversal", "The bank has taken a payment back"),
                            ("returned", "A payment of ours came back"),
                            ("outgoing", "Money went out"),
                            ("short", "The balance does not allow it"),
                        ],
                        default="",
                        max_length=20,
                    ),
                ),
                ("confidence", models.PositiveSmallIntegerField(default=0)),
                ("candidate_organization", models.BigIntegerField(null=True)),
                ("candidate_invoice", models.BigIntegerField(null=True)),
                ("due_at", models.DateTimeField()),
            ],
            options={
                "verbose_name_plural": "statement entries",
            },
        ),
        migrations.AddField(
            model_name="bankreceipt",
            name="invoice",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="receipts",
                to="billing.invoice",
            ),
        ),
        migrations.AddField(
            model_name="bankreceipt",
            name="organization",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organizations.organization"
            ),
        ),
        migrations.AddField(
            model_name="statemententry",
            name="legal_entity",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="billing.legalentity"
            ),
        ),
        migrations.AddField(
            model_name="statemententry",
            name="reverses",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="reversed_by",
                to="billing.statemententry",
            ),
        ),
        migrations.AddField(
            model_name="statemententry",
            name="statement",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="entries", to="billing.statement"
            ),
        ),
        migrations.AddField(
            model_name="entrydecision",
            name="entry",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="decisions",
                to="billing.statemententry",
            ),
        ),
        migrations.AddField(
            model_name="bankreceipt",
            name="entry",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="receipt",
                to="billing.statemententry",
            ),
        ),
        migrations.AddIndex(
            model_name="statemententry",
            index=models.Index(
                condition=models.Q(("status", "new")), fields=["due_at"], name="bank_entry_new"
            ),
        ),
        migrations.AddIndex(
            model_name="statemententry",
            index=models.Index(fields=["status", "-id"], name="bank_entry_by_status"),
        ),
        migrations.AddConstraint(
            model_name="statemententry",
            constraint=models.CheckConstraint(
                condition=models.Q(("amount__gt", 0), ("charges__gte", 0)), name="bank_entry_positive"
            ),
        ),
        migrations.AddConstraint(
            model_name="statemententry",
            constraint=models.CheckConstraint(
                condition=models.Q(("confidence__lte", 100)), name="bank_entry_confidence"
            ),
        ),
        migrations.AddConstraint(
            model_name="statemententry",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status__in", ["proposed", "booked"]), _negated=True),
                    ("candidate_organization__isnull", False),
                    _connector="OR",
                ),
                name="bank_entry_says_whose",
            ),
        ),
        migrations.AddConstraint(
            model_name="statemententry",
            constraint=models.UniqueConstraint(
                condition=models.Q(("status", "booked")),
                fields=("reverses",),
                name="bank_entry_reversed_once",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="statemententry",
            trigger=pgtrigger.compiler.Trigger(
                name="follows_the_table",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    declare="DECLARE _is_valid_transition BOOLEAN;",
                    func='SELECT CONCAT(OLD."status", \':\', NEW."status") = ANY(\'{new:booked,new:outgoing,new:proposed,new:replaced,new:waiting,waiting:booked,waiting:not_ours,waiting:proposed,waiting:replaced,proposed:booked,proposed:not_ours,proposed:proposed,proposed:replaced,proposed:waiting,outgoing:waiting,not_ours:waiting}\'::text[]) INTO _is_valid_transition; IF (_is_valid_transition IS FALSE AND OLD."status" IS DISTINCT FROM NEW."status") THEN RAISE EXCEPTION \'pgtrigger: Invalid transition of field "status" from "%" to "%" on table %\', OLD."status", NEW."status", TG_TABLE_NAME; ELSE RETURN NEW; END IF;',
                    hash="5229497f3e7af1c8b5d6d4fef9ca9950aa8ed18b",
                    operation="UPDATE",
                    pgid="pgtrigger_follows_the_table_c70fc",
                    table="billing_statemententry",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="statemententry",
            trigger=pgtrigger.compiler.Trigger(
                name="facts_stay",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."statement_id" IS DISTINCT FROM (NEW."statement_id") OR OLD."identity" IS DISTINCT FROM (NEW."identity") OR OLD."iban" IS DISTINCT FROM (NEW."iban") OR OLD."currency" IS DISTINCT FROM (NEW."currency") OR OLD."amount" IS DISTINCT FROM (NEW."amount") OR OLD."is_credit" IS DISTINCT FROM (NEW."is_credit"))',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="efda28ee4cd809cacf9281de6ceb903a3abfc864",
                    operation="UPDATE",
                    pgid="pgtrigger_facts_stay_e2c30",
                    table="billing_statemententry",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="statemententry",
            trigger=pgtrigger.compiler.Trigger(
                name="never_deleted",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                    hash="be1e44196a27e11464206a3587bc587ae9b663cb",
                    operation="DELETE",
                    pgid="pgtrigger_never_deleted_c68b3",
                    table="billing_statemententry",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="entrydecision",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="1cd6a754d9d329a987233bb36136bccc10ac26fe",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_57f93",
                    table="billing_entrydecision",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddIndex(
            model_name="bankreceipt",
            index=models.Index(fields=["organization", "-id"], name="bank_receipt_newest"),
        ),
        migrations.AddConstraint(
            model_name="bankreceipt",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "amount",
                        django.db.models.expressions.CombinedExpression(
                            models.F("to_invoice"), "+", models.F("to_balance")
                        ),
                    ),
                    ("amount__gt", 0),
                    ("to_balance__gte", 0),
                    ("to_invoice__gte", 0),
                ),
                name="bank_receipt_adds_up",
            ),
        ),
        migrations.AddConstraint(
            model_name="bankreceipt",
            constraint=models.CheckConstraint(
                condition=models.Q(("to_invoice", 0), ("invoice__isnull", False), _connector="OR"),
                name="bank_receipt_names_invoice",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="bankreceipt",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="33371e23a6be79099d64cfc901c4dc2960acc89d",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_62324",
                    table="billing_bankreceipt",
                    when="BEFORE",
                ),
            ),
        ),
        ProtectTenant("BankReceipt"),
    ]
