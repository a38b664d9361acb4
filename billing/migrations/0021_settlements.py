"""A withdrawal's form counts once; refused files of the bank are kept; payouts that come back name theirs."""

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("billing", "0020_receivers")]

    operations: ClassVar = [
        migrations.CreateModel(
            name="RefusedFile",
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
                ("size", models.PositiveBigIntegerField()),
                ("code", models.CharField(max_length=40)),
                ("reason", models.CharField(max_length=300)),
                ("times", models.PositiveIntegerField(default=1)),
                ("refused_at", models.DateTimeField()),
                ("given_by_name", models.CharField(blank=True, max_length=200)),
            ],
        ),
        migrations.AddField(
            model_name="statemententry",
            name="candidate_withdrawal",
            field=models.BigIntegerField(null=True),
        ),
        migrations.AddField(
            model_name="withdrawal",
            name="request_key",
            field=models.CharField(blank=True, db_default="", default="", max_length=64),
        ),
        migrations.AddConstraint(
            model_name="withdrawal",
            constraint=models.UniqueConstraint(
                condition=models.Q(("request_key", ""), _negated=True),
                fields=("organization", "request_key"),
                name="withdrawal_once_per_request",
            ),
        ),
    ]
