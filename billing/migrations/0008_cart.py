"""A cart's lines come from a visitor's cart once; a trial is had once, by an organization and by a person."""

import django.db.models.deletion
from django.db import migrations, models

from manager.kit.rowsecurity import ProtectTenant


class Migration(migrations.Migration):
    dependencies = [("billing", "0007_credit_notes")]

    operations = [
        migrations.AddField("cartline", "is_trial", models.BooleanField(db_default=False, default=False)),
        migrations.AddField(
            "cartline",
            "visitor_key",
            models.CharField(blank=True, db_default="", default="", max_length=32),
        ),
        migrations.AddField("orderline", "is_trial", models.BooleanField(db_default=False, default=False)),
        migrations.AddField("invoiceline", "is_trial", models.BooleanField(db_default=False, default=False)),
        migrations.AddConstraint(
            "cartline",
            models.UniqueConstraint(
                condition=models.Q(("visitor_key", ""), _negated=True),
                fields=("organization", "visitor_key"),
                name="cart_line_taken_over_once",
            ),
        ),
        migrations.CreateModel(
            name="Trial",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.SlugField()),
                ("person_id", models.BigIntegerField(null=True)),
                ("created_at", models.DateTimeField()),
                (
                    "order",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="trials",
                        to="billing.order",
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
                    models.UniqueConstraint(
                        fields=("organization", "kind"), name="trial_once_per_organization"
                    ),
                    models.UniqueConstraint(fields=("person_id", "kind"), name="trial_once_per_person"),
                ]
            },
        ),
        ProtectTenant("Trial"),
    ]
