"""Options, prices by purpose and day, terms of plans, and the history of the catalogue."""

from typing import ClassVar

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.contrib.postgres.constraints import ExclusionConstraint
from django.db import migrations, models


def validity() -> models.Func:
    """Return the days of a price, both included."""
    return models.Func(
        models.F("valid_from"), models.F("valid_until"), models.Value("[]"), function="daterange"
    )


class Migration(migrations.Migration):
    dependencies: ClassVar = [("products", "0003_transfer")]

    operations: ClassVar = [
        migrations.AddField(
            model_name="family",
            name="is_published",
            field=models.BooleanField(db_default=True, default=True),
        ),
        migrations.AddField(
            model_name="plan",
            name="cooling_off_days",
            field=models.PositiveIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name="plan",
            name="extension",
            field=models.CharField(blank=True, db_default="", default="", max_length=63),
        ),
        migrations.AddField(
            model_name="plan",
            name="trial_months",
            field=models.PositiveSmallIntegerField(db_default=0, default=0),
        ),
        migrations.AddConstraint(
            model_name="plan",
            constraint=models.UniqueConstraint(
                condition=models.Q(models.Q(("extension", ""), _negated=True), ("is_orderable", True)),
                fields=("extension",),
                name="plan_one_per_extension",
            ),
        ),
        migrations.AddField(
            model_name="price",
            name="purpose",
            field=models.CharField(
                choices=[("renew", "Period"), ("register", "First period"), ("restore", "Restore fee")],
                db_default="renew",
                default="renew",
                max_length=8,
            ),
        ),
        migrations.RemoveConstraint(model_name="price", name="price_unique"),
        migrations.RemoveConstraint(model_name="price", name="price_period_known"),
        migrations.AddConstraint(
            model_name="price",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("months", 0), ("purpose", "restore")),
                    models.Q(models.Q(("purpose", "restore"), _negated=True), ("months__gte", 1)),
                    _connector="OR",
                ),
                name="price_period_fits_purpose",
            ),
        ),
        migrations.AddConstraint(
            model_name="price",
            constraint=ExclusionConstraint(
                expressions=[
                    ("plan", "="),
                    ("purpose", "="),
                    ("currency", "="),
                    ("months", "="),
                    (validity(), "&&"),
                ],
                name="price_one_a_day",
            ),
        ),
        migrations.CreateModel(
            name="Option",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("slug", models.SlugField()),
                (
                    "kind",
                    models.CharField(
                        choices=[("switch", "On or off"), ("number", "A number of units")], max_length=6
                    ),
                ),
                ("names", models.JSONField()),
                ("descriptions", models.JSONField(default=dict)),
                ("unit_names", models.JSONField(default=dict)),
                ("included", models.PositiveIntegerField(default=0)),
                ("minimum", models.PositiveIntegerField(default=0)),
                ("maximum", models.PositiveIntegerField(default=1)),
                ("step", models.PositiveIntegerField(default=1)),
                ("position", models.PositiveIntegerField()),
                ("is_orderable", models.BooleanField(default=True)),
                (
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="options",
                        to="products.plan",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=["plan", "slug"], name="option_unique"),
                    models.CheckConstraint(condition=models.Q(("step__gte", 1)), name="option_step_known"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("included__lte", models.F("maximum")), ("minimum__lte", models.F("maximum"))
                        ),
                        name="option_limits_fit",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kind", "number"),
                            models.Q(
                                ("included", 0),
                                ("kind", "switch"),
                                ("maximum", 1),
                                ("minimum", 0),
                                ("step", 1),
                            ),
                            _connector="OR",
                        ),
                        name="option_switch_is_0_or_1",
                    ),
                ]
            },
        ),
        migrations.CreateModel(
            name="OptionPrice",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("currency", models.CharField(choices=[("CHF", "CHF"), ("EUR", "EUR")], max_length=3)),
                ("months", models.PositiveSmallIntegerField()),
                ("amount", models.BigIntegerField()),
                ("valid_from", models.DateField()),
                ("valid_until", models.DateField(blank=True, null=True)),
                (
                    "option",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="prices",
                        to="products.option",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("amount__gte", 0), ("months__gte", 1)),
                        name="option_price_not_negative",
                    ),
                    ExclusionConstraint(
                        expressions=[
                            ("option", "="),
                            ("currency", "="),
                            ("months", "="),
                            (validity(), "&&"),
                        ],
                        name="option_price_one_a_day",
                    ),
                ]
            },
        ),
        migrations.CreateModel(
            name="CatalogChange",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("what", models.CharField(max_length=30)),
                ("family", models.SlugField(blank=True, db_index=False)),
                ("plan", models.SlugField(blank=True, db_index=False)),
                ("option", models.SlugField(blank=True, db_index=False)),
                ("before", models.JSONField(null=True)),
                ("after", models.JSONField(null=True)),
                ("source", models.CharField(blank=True, max_length=120)),
                ("actor_kind", models.CharField(max_length=10)),
                ("actor_id", models.BigIntegerField(null=True)),
                ("actor_name", models.CharField(blank=True, max_length=200)),
                ("at", models.DateTimeField()),
            ],
            options={
                "permissions": [("edit_catalog", "Edit the catalogue")],
                "indexes": [models.Index(fields=["plan", "-id"], name="catalog_change_of_plan")],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="catalogchange",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="db0843d9c96d354f332effa9b9d2f20cccaf6f6e",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_20776",
                    table="products_catalogchange",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.CreateModel(
            name="CatalogUpload",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=120)),
                ("text", models.TextField()),
                ("actor_id", models.BigIntegerField(null=True)),
                ("actor_name", models.CharField(blank=True, max_length=200)),
                ("at", models.DateTimeField()),
                ("applied_at", models.DateTimeField(null=True)),
            ],
        ),
    ]
