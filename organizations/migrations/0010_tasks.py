"""Who started which long work."""

from typing import ClassVar

import django.db.models.deletion
from django.db import migrations, models

from manager.kit.rowsecurity import ProtectTenant


class Migration(migrations.Migration):
    """The tasks."""

    dependencies: ClassVar = [("organizations", "0009_webhooks")]

    operations: ClassVar = [
        migrations.CreateModel(
            name="Task",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.SlugField(max_length=30)),
                ("subject_id", models.BigIntegerField()),
                ("started_by", models.BigIntegerField(null=True)),
                ("started_at", models.DateTimeField()),
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
                        models.F("organization"),
                        models.OrderBy(models.F("id"), descending=True),
                        name="task_newest_first",
                    ),
                    models.Index(fields=["started_at"], name="task_age"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organization", "kind", "subject_id", "started_by"),
                        name="task_once_for_each",
                        nulls_distinct=False,
                    )
                ],
            },
        ),
        ProtectTenant("Task"),
    ]
