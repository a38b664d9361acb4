"""Promotional codes, their uses, free credits, and the discount of a line (BIL-13)."""

from typing import ClassVar

import django.db.models.deletion
import django.db.models.expressions
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

from manager.kit.rowsecurity import ProtectTenant


class Migration(migrations.Migration):
    dependencies: ClassVar = [("billing", "0008_cart"), ("products", "0007_offers")]

    operations: ClassVar = [
        migrations.CreateModel(
            name="CartCode",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("created_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="CodeUse",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("amount", models.BigIntegerField()),
                ("currency", models.CharField(choices=[("CHF", "CHF"), ("EUR", "EUR")], max_length=3)),
                ("used_by", models.BigIntegerField(null=True)),
                ("used_at", models.DateTimeField()),
                ("given_back_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="FreeCredit",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("amount", models.BigIntegerField(null=True)),
                (
                    "currency",
                    models.CharField(blank=True, choices=[("CHF", "CHF"), ("EUR", "EUR")], max_length=3),
                ),
                ("months", models.PositiveSmallIntegerField(null=True)),
                ("reason", models.CharField(max_length=200)),
                ("valid_from", models.DateField()),
                ("valid_until", models.DateField(null=True)),
                ("granted_by", models.CharField(max_length=200)),
                ("granted_at", models.DateTimeField()),
                ("withdrawn_at", models.DateTimeField(null=True)),
                ("used_amount", models.BigIntegerField(null=True)),
                ("used_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="PromoCode",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(max_length=32, unique=True)),
                ("note", models.CharField(blank=True, max_length=200)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("percent", "Percent of each line"),
                            ("fixed", "A fixed amount, once for each order"),
                        ],
                        max_length=8,
                    ),
                ),
                ("percent", models.PositiveIntegerField(null=True)),
                ("amount", models.BigIntegerField(null=True)),
                (
                    "currency",
                    models.CharField(blank=True, choices=[("CHF", "CHF"), ("EUR", "EUR")], max_length=3),
                ),
                ("plans", models.JSONField(default=list)),
                ("families", models.JSONField(default=list)),
                ("months", models.JSONField(default=list)),
                ("minimum_amount", models.BigIntegerField(null=True)),
                ("first_order_only", models.BooleanField(default=False)),
                ("limit_total", models.PositiveIntegerField(null=True)),
                ("limit_per_organization", models.PositiveIntegerField(null=True)),
                ("only_organization", models.BigIntegerField(null=True)),
                ("valid_from", models.DateField()),
                ("valid_until", models.DateField(null=True)),
                ("used", models.PositiveIntegerField(default=0)),
                ("closed_at", models.DateTimeField(null=True)),
                ("created_at", models.DateTimeField()),
            ],
            options={
                "permissions": [("manage_promotions", "Manage promotional codes and free credits")],
            },
        ),
        migrations.CreateModel(
            name="PromoCodeChange",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("what", models.CharField(max_length=20)),
                ("before", models.JSONField(null=True)),
                ("after", models.JSONField(null=True)),
                ("actor_id", models.BigIntegerField(null=True)),
                ("actor_name", models.CharField(blank=True, max_length=200)),
                ("at", models.DateTimeField()),
            ],
        ),
        migrations.AddField(
            model_name="invoiceline",
            name="discount_amount",
            field=models.BigIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name="invoiceline",
            name="discounted_by",
            field=models.CharField(blank=True, db_default="", default="", max_length=200),
        ),
        migrations.AddConstraint(
            model_name="invoiceline",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("discount_amount", 0),
                    models.Q(
                        ("discount_amount__gt", 0),
                        (
                            "net_amount",
                            django.db.models.expressions.CombinedExpression(
                                django.db.models.expressions.CombinedExpression(
                                    models.F("unit_amount"), "*", models.F("quantity")
                                ),
                                "-",
                                models.F("discount_amount"),
                            ),
                        ),
                        ("net_amount__gte", 0),
                    ),
                    _connector="OR",
                ),
                name="invoice_line_discount_within",
            ),
        ),
        migrations.AddField(
            model_name="cartcode",
            name="organization",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organizations.organization"
            ),
        ),
        migrations.AddField(
            model_name="codeuse",
            name="invoice",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="code_uses", to="billing.invoice"
            ),
        ),
        migrations.AddField(
            model_name="codeuse",
            name="organization",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organizations.organization"
            ),
        ),
        migrations.AddField(
            model_name="freecredit",
            name="invoice",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="free_credits",
                to="billing.invoice",
            ),
        ),
        migrations.AddField(
            model_name="freecredit",
            name="organization",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organizations.organization"
            ),
        ),
        migrations.AddField(
            model_name="freecredit",
            name="plan",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="products.plan"
            ),
        ),
        migrations.AddField(
            model_name="cartline",
            name="free_credit",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="billing.freecredit",
            ),
        ),
        migrations.AddConstraint(
            model_name="cartline",
            constraint=models.UniqueConstraint(fields=("free_credit",), name="cart_free_credit_once"),
        ),
        migrations.AddConstraint(
            model_name="promocode",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("limit_total", None), ("used__lte", models.F("limit_total")), _connector="OR"
                ),
                name="promo_code_within_limit",
            ),
        ),
        migrations.AddConstraint(
            model_name="promocode",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("amount", None), ("kind", "percent"), ("percent__gte", 1), ("percent__lte", 10000)
                    ),
                    models.Q(
                        ("amount__gte", 1),
                        ("kind", "fixed"),
                        ("percent", None),
                        models.Q(("currency", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="promo_code_takes_off",
            ),
        ),
        migrations.AddConstraint(
            model_name="promocode",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("minimum_amount", None), models.Q(("currency", ""), _negated=True), _connector="OR"
                ),
                name="promo_code_minimum_has_currency",
            ),
        ),
        migrations.AddField(
            model_name="codeuse",
            name="code",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="uses", to="billing.promocode"
            ),
        ),
        migrations.AddField(
            model_name="cartcode",
            name="code",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="billing.promocode"
            ),
        ),
        migrations.AddField(
            model_name="promocodechange",
            name="code",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="changes", to="billing.promocode"
            ),
        ),
        migrations.AddIndex(
            model_name="freecredit",
            index=models.Index(fields=["organization", "-id"], name="free_credit_newest_first"),
        ),
        migrations.AddConstraint(
            model_name="freecredit",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("amount__gte", 1), ("months", None), models.Q(("currency", ""), _negated=True)),
                    models.Q(("amount", None), ("currency", ""), ("months__gte", 1)),
                    _connector="OR",
                ),
                name="free_credit_amount_or_months",
            ),
        ),
        migrations.AddConstraint(
            model_name="freecredit",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("invoice", None), ("used_amount", None), ("used_at", None)),
                    models.Q(
                        ("invoice__isnull", False),
                        ("used_amount__gte", 0),
                        ("used_at__isnull", False),
                        ("withdrawn_at", None),
                    ),
                    _connector="OR",
                ),
                name="free_credit_used_once",
            ),
        ),
        migrations.AddIndex(
            model_name="codeuse",
            index=models.Index(fields=["organization", "-id"], name="code_use_newest_first"),
        ),
        migrations.AddConstraint(
            model_name="codeuse",
            constraint=models.UniqueConstraint(fields=("invoice", "code"), name="code_use_once"),
        ),
        migrations.AddConstraint(
            model_name="codeuse",
            constraint=models.CheckConstraint(
                condition=models.Q(("amount__gt", 0)), name="code_use_takes_off"
            ),
        ),
        migrations.AddConstraint(
            model_name="cartcode",
            constraint=models.UniqueConstraint(fields=("organization", "code"), name="cart_code_once"),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="promocodechange",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="c6d566d78e3f71d78cc7dff2ba06033f46e2301b",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_7f43c",
                    table="billing_promocodechange",
                    when="BEFORE",
                ),
            ),
        ),
        ProtectTenant("CartCode"),
        ProtectTenant("CodeUse"),
        ProtectTenant("FreeCredit"),
    ]
