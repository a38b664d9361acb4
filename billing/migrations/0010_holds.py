"""Held orders with their rules, refunds to the means, paid lines that wait, the term of an unpaid order."""

from typing import ClassVar

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

from manager.kit.rowsecurity import ProtectTenant

OWNERS = """
CREATE FUNCTION billing_guard_hold() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM billing_order WHERE id = NEW.order_id AND organization_id = NEW.organization_id;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'a hold belongs to an order of its organization'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF TG_OP = 'UPDATE' AND (NEW.order_id, NEW.findings, NEW.held_at) IS DISTINCT FROM
        (OLD.order_id, OLD.findings, OLD.held_at) THEN
        RAISE EXCEPTION 'why an order is held is not changed' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER guard BEFORE INSERT OR UPDATE ON billing_orderhold
    FOR EACH ROW EXECUTE FUNCTION billing_guard_hold();
CREATE TRIGGER never_deleted BEFORE DELETE ON billing_orderhold
    FOR EACH ROW EXECUTE FUNCTION billing_refuse();
CREATE FUNCTION billing_guard_refund() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    free constant text[] := ARRAY['status', 'reference', 'failure_code', 'credit_note_id', 'lease_until',
        'fence', 'finished_at'];
BEGIN
    IF TG_OP = 'INSERT' THEN
        PERFORM FROM billing_invoice
            WHERE id = NEW.invoice_id AND organization_id = NEW.organization_id AND status = 'paid';
        IF NOT FOUND OR NEW.status <> 'created' THEN
            RAISE EXCEPTION 'a refund begins with a paid invoice of its organization'
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NEW;
    END IF;
    IF to_jsonb(OLD) - free <> to_jsonb(NEW) - free THEN
        RAISE EXCEPTION 'what a refund gives back is not changed'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER guard BEFORE INSERT OR UPDATE ON billing_refund
    FOR EACH ROW EXECUTE FUNCTION billing_guard_refund();
CREATE TRIGGER never_deleted BEFORE DELETE ON billing_refund
    FOR EACH ROW EXECUTE FUNCTION billing_refuse();
"""
OWNERS_DOWN = """
DROP TRIGGER guard ON billing_orderhold;
DROP TRIGGER never_deleted ON billing_orderhold;
DROP FUNCTION billing_guard_hold;
DROP TRIGGER guard ON billing_refund;
DROP TRIGGER never_deleted ON billing_refund;
DROP FUNCTION billing_guard_refund;
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("billing", "0009_promotions"),
        ("organizations", "0007_support"),
    ]

    operations: ClassVar = [
        migrations.CreateModel(
            name="HoldRule",
            fields=[
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("velocity", "Many orders in a short time"),
                            ("country", "Countries that do not match"),
                            ("amount", "A large amount"),
                            ("first_order", "The first order"),
                            ("domain_name", "Words in a domain name"),
                            ("email", "Pattern of the e-mail address"),
                        ],
                        max_length=12,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("is_on", models.BooleanField(default=False)),
                ("parameters", models.JSONField(default=dict)),
            ],
            options={
                "permissions": [("edit_hold_rules", "Edit the rules that hold orders")],
            },
        ),
        migrations.CreateModel(
            name="HoldRuleChange",
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
                            ("velocity", "Many orders in a short time"),
                            ("country", "Countries that do not match"),
                            ("amount", "A large amount"),
                            ("first_order", "The first order"),
                            ("domain_name", "Words in a domain name"),
                            ("email", "Pattern of the e-mail address"),
                        ],
                        max_length=12,
                    ),
                ),
                ("before", models.JSONField()),
                ("after", models.JSONField()),
                ("actor_id", models.BigIntegerField(null=True)),
                ("actor_name", models.CharField(blank=True, max_length=200)),
                ("at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="OrderHold",
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
                            ("held", "Waits"),
                            ("released", "Released"),
                            ("refused", "Refused, money on its way back"),
                            ("refunded", "Refused, money given back"),
                        ],
                        default="held",
                        max_length=10,
                    ),
                ),
                ("findings", models.JSONField()),
                ("held_at", models.DateTimeField()),
                ("answer_by", models.DateTimeField()),
                ("case_id", models.BigIntegerField(null=True)),
                ("asked_at", models.DateTimeField(null=True)),
                ("asked_count", models.PositiveSmallIntegerField(default=0)),
                (
                    "decision",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("staff", "Decided by our staff"),
                            ("identity", "The identity was confirmed"),
                            ("no_answer", "No answer in time"),
                        ],
                        max_length=10,
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=500)),
                ("decided_by", models.BigIntegerField(null=True)),
                ("decided_by_name", models.CharField(blank=True, max_length=200)),
                ("decided_at", models.DateTimeField(null=True)),
            ],
            options={
                "permissions": [("look_after_orders", "Look after orders")],
            },
        ),
        migrations.CreateModel(
            name="Refund",
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
                            ("created", "Prepared"),
                            ("pending", "Being carried out"),
                            ("unknown", "Being checked"),
                            ("succeeded", "Given back to the means used"),
                            ("kept", "Put on the prepaid account"),
                        ],
                        default="created",
                        max_length=10,
                    ),
                ),
                ("origin_key", models.CharField(max_length=80)),
                ("idempotency_key", models.CharField(max_length=80, unique=True)),
                ("lines", models.JSONField()),
                ("line_ids", models.JSONField(default=list)),
                ("reason", models.CharField(max_length=250)),
                ("amount", models.BigIntegerField()),
                ("currency", models.CharField(choices=[("CHF", "CHF"), ("EUR", "EUR")], max_length=3)),
                ("reference", models.CharField(blank=True, max_length=120)),
                ("failure_code", models.CharField(blank=True, max_length=60)),
                ("lease_until", models.DateTimeField(null=True)),
                ("fence", models.PositiveIntegerField(default=0)),
                ("created_at", models.DateTimeField()),
                ("finished_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="UnfulfilledLine",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(max_length=60)),
                ("message", models.CharField(max_length=250)),
                ("tries", models.PositiveIntegerField(default=1)),
                ("first_at", models.DateTimeField()),
                ("last_at", models.DateTimeField()),
                ("due_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.AddField(
            model_name="order",
            name="expires_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="order",
            name="reminded_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="paymentmethod",
            name="country",
            field=models.CharField(blank=True, db_default="", default="", max_length=2),
        ),
        migrations.AlterField(
            model_name="order",
            name="status",
            field=models.CharField(
                choices=[
                    ("pending", "Pending"),
                    ("held", "Being checked"),
                    ("paid", "Paid"),
                    ("cancelled", "Cancelled"),
                ],
                default="pending",
                max_length=10,
            ),
        ),
        migrations.AddIndex(
            model_name="order",
            index=models.Index(
                condition=models.Q(("status", "pending")), fields=["expires_at"], name="order_to_expire"
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="order",
            trigger=pgtrigger.compiler.Trigger(
                name="follows_the_table",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    declare="DECLARE _is_valid_transition BOOLEAN;",
                    func='SELECT CONCAT(OLD."status", \':\', NEW."status") = ANY(\'{pending:cancelled,pending:held,pending:paid,held:cancelled,held:paid}\'::text[]) INTO _is_valid_transition; IF (_is_valid_transition IS FALSE AND OLD."status" IS DISTINCT FROM NEW."status") THEN RAISE EXCEPTION \'pgtrigger: Invalid transition of field "status" from "%" to "%" on table %\', OLD."status", NEW."status", TG_TABLE_NAME; ELSE RETURN NEW; END IF;',
                    hash="ae75fc165e6281506853da8cdb7f3c7ff594e9e6",
                    operation="UPDATE",
                    pgid="pgtrigger_follows_the_table_773d5",
                    table="billing_order",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddIndex(
            model_name="holdrulechange",
            index=models.Index(fields=["kind", "-id"], name="hold_rule_history"),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="holdrulechange",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="a1656f0a2c4a29e7524eaeef7f467a7129d184bc",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_ed3a8",
                    table="billing_holdrulechange",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddField(
            model_name="orderhold",
            name="order",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT, related_name="hold", to="billing.order"
            ),
        ),
        migrations.AddField(
            model_name="orderhold",
            name="organization",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organizations.organization"
            ),
        ),
        migrations.AddField(
            model_name="refund",
            name="attempt",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="billing.paymentattempt",
            ),
        ),
        migrations.AddField(
            model_name="refund",
            name="credit_note",
            field=models.OneToOneField(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="billing.creditnote",
            ),
        ),
        migrations.AddField(
            model_name="refund",
            name="invoice",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="refunds", to="billing.invoice"
            ),
        ),
        migrations.AddField(
            model_name="refund",
            name="organization",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organizations.organization"
            ),
        ),
        migrations.AddField(
            model_name="unfulfilledline",
            name="line",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT, related_name="trouble", to="billing.invoiceline"
            ),
        ),
        migrations.AddField(
            model_name="unfulfilledline",
            name="organization",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organizations.organization"
            ),
        ),
        migrations.AddIndex(
            model_name="orderhold",
            index=models.Index(
                condition=models.Q(("status", "held")), fields=["organization"], name="hold_of_organization"
            ),
        ),
        migrations.AddIndex(
            model_name="orderhold",
            index=models.Index(
                condition=models.Q(("status", "held")), fields=["answer_by"], name="hold_to_end"
            ),
        ),
        migrations.AddConstraint(
            model_name="orderhold",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("decided_at", None), ("status", "held"), ("decision", "")),
                    models.Q(
                        models.Q(("status", "held"), _negated=True),
                        ("decided_at__isnull", False),
                        models.Q(("decision", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="hold_decided_with_decision",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="orderhold",
            trigger=pgtrigger.compiler.Trigger(
                name="follows_the_table",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    declare="DECLARE _is_valid_transition BOOLEAN;",
                    func='SELECT CONCAT(OLD."status", \':\', NEW."status") = ANY(\'{held:refused,held:released,refused:refunded}\'::text[]) INTO _is_valid_transition; IF (_is_valid_transition IS FALSE AND OLD."status" IS DISTINCT FROM NEW."status") THEN RAISE EXCEPTION \'pgtrigger: Invalid transition of field "status" from "%" to "%" on table %\', OLD."status", NEW."status", TG_TABLE_NAME; ELSE RETURN NEW; END IF;',
                    hash="0bb16d6c799642b3f56c6dfe74485a418e335a97",
                    operation="UPDATE",
                    pgid="pgtrigger_follows_the_table_5b8d2",
                    table="billing_orderhold",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddIndex(
            model_name="refund",
            index=models.Index(
                condition=models.Q(("status__in", ["created", "pending", "unknown"])),
                fields=["lease_until"],
                name="refund_to_make",
            ),
        ),
        migrations.AddConstraint(
            model_name="refund",
            constraint=models.UniqueConstraint(fields=("organization", "origin_key"), name="refund_once"),
        ),
        migrations.AddConstraint(
            model_name="refund",
            constraint=models.CheckConstraint(
                condition=models.Q(("amount__gt", 0)), name="refund_amount_positive"
            ),
        ),
        migrations.AddConstraint(
            model_name="refund",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("credit_note", None),
                        ("finished_at", None),
                        ("status__in", ["created", "pending", "unknown"]),
                    ),
                    models.Q(
                        models.Q(("status__in", ["created", "pending", "unknown"]), _negated=True),
                        ("credit_note__isnull", False),
                        ("finished_at__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="refund_finished_with_note",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="refund",
            trigger=pgtrigger.compiler.Trigger(
                name="follows_the_table",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    declare="DECLARE _is_valid_transition BOOLEAN;",
                    func='SELECT CONCAT(OLD."status", \':\', NEW."status") = ANY(\'{created:kept,created:pending,created:succeeded,created:unknown,pending:kept,pending:succeeded,pending:unknown,unknown:kept,unknown:pending,unknown:succeeded}\'::text[]) INTO _is_valid_transition; IF (_is_valid_transition IS FALSE AND OLD."status" IS DISTINCT FROM NEW."status") THEN RAISE EXCEPTION \'pgtrigger: Invalid transition of field "status" from "%" to "%" on table %\', OLD."status", NEW."status", TG_TABLE_NAME; ELSE RETURN NEW; END IF;',
                    hash="85fbca438741d84dcb15221f7aaac68f6c3526d1",
                    operation="UPDATE",
                    pgid="pgtrigger_follows_the_table_71854",
                    table="billing_refund",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddIndex(
            model_name="unfulfilledline",
            index=models.Index(
                condition=models.Q(("due_at__isnull", False)), fields=["due_at"], name="unfulfilled_to_try"
            ),
        ),
        ProtectTenant("OrderHold"),
        ProtectTenant("Refund"),
        ProtectTenant("UnfulfilledLine"),
        migrations.RunSQL(OWNERS, OWNERS_DOWN),
    ]
