import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

import manager.kit.fields
from billing.tax.load import REGIONS, load_rates
from manager.kit.rowsecurity import ProtectTenant

# Who is taxed how is the operator's: customers' processes read it, the operator's role writes it.
OPERATORS = "REVOKE INSERT, UPDATE, DELETE ON billing_sellerscheme, billing_taxchange FROM manager_web, manager_worker"


def load(apps, schema_editor):
    load_rates(apps.get_model("billing", "TaxRate"), using=schema_editor.connection.alias, path=REGIONS)


ID = models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")
DAYS = models.Func(
    models.F("valid_from"), models.F("valid_until"), models.Value("[]"), function="daterange"
)


class Migration(migrations.Migration):
    dependencies = [("billing", "0016_refunds")]

    operations = [
        migrations.AlterModelOptions(
            name="taxrate",
            options={"permissions": [("manage_vat", "Manage VAT")]},
        ),
        migrations.AlterField(
            model_name="taxrate", name="country", field=models.CharField(max_length=5)
        ),
        migrations.RunPython(load, migrations.RunPython.noop),
        migrations.CreateModel(
            name="SellerScheme",
            fields=[
                ("id", ID.clone()),
                (
                    "scheme",
                    models.CharField(
                        choices=[
                            ("one_stop_shop", "One-stop shop: the VAT of the customer's country"),
                            (
                                "home_rate",
                                "Below the threshold of EUR 10,000: the VAT of the seller's country",
                            ),
                        ],
                        max_length=16,
                    ),
                ),
                ("number", models.CharField(blank=True, max_length=40)),
                ("valid_from", models.DateField()),
                ("valid_until", models.DateField(null=True)),
                (
                    "legal_entity",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="billing.legalentity",
                    ),
                ),
            ],
            options={
                "constraints": [
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[("legal_entity", "="), (DAYS, "&&")],
                        name="seller_scheme_one_a_day",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="TaxChange",
            fields=[
                ("id", ID.clone()),
                ("subject", models.CharField(max_length=40)),
                ("before", models.JSONField(null=True)),
                ("after", models.JSONField(null=True)),
                ("actor_id", models.BigIntegerField(null=True)),
                ("actor_name", models.CharField(blank=True, max_length=200)),
                ("at", models.DateTimeField()),
            ],
            options={
                "indexes": [models.Index(fields=["subject", "-id"], name="tax_change_history")],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="taxchange",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="a8ac7b60c28f60ce62518aeb6a329441cbe3e788",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_0ad70",
                    table="billing_taxchange",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.RunSQL(OPERATORS, migrations.RunSQL.noop),
        migrations.AddField(
            model_name="invoice",
            name="purchase_order",
            field=models.CharField(blank=True, db_default="", default="", max_length=40),
        ),
        migrations.CreateModel(
            name="PurchaseOrder",
            fields=[
                ("id", ID.clone()),
                (
                    "number",
                    models.CharField(
                        max_length=40, validators=[manager.kit.fields.refuse_control_characters]
                    ),
                ),
                ("valid_from", models.DateField()),
                ("valid_until", models.DateField(null=True)),
                ("created_at", models.DateTimeField()),
                (
                    "address",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="billing.billingaddress",
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
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(valid_until=None)
                        | models.Q(valid_until__gte=models.F("valid_from")),
                        name="purchase_order_days_in_order",
                    )
                ],
            },
        ),
        ProtectTenant("PurchaseOrder"),
    ]
