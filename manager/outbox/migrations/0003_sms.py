"""Text messages, protected like mails; those about a person alone have organization 0."""

from typing import ClassVar

from django.db import migrations, models

from manager.kit.rowsecurity import ProtectTenant


class Migration(migrations.Migration):
    dependencies: ClassVar = [("outbox", "0002_protect")]

    operations: ClassVar = [
        migrations.CreateModel(
            name="OutgoingSms",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("dedupe_key", models.CharField(max_length=200, unique=True)),
                ("organization_id", models.BigIntegerField(default=0)),
                ("recipient", models.CharField(max_length=16)),
                ("text", models.TextField(blank=True)),
                ("created_at", models.DateTimeField()),
                ("due_at", models.DateTimeField()),
                ("useless_at", models.DateTimeField(null=True)),
                ("attempts", models.PositiveIntegerField(default=0)),
                ("fence", models.PositiveIntegerField(default=0)),
                ("sent_at", models.DateTimeField(null=True)),
                ("quarantined_at", models.DateTimeField(null=True)),
                ("last_error", models.TextField(blank=True)),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("quarantined_at", None), ("sent_at", None)),
                        fields=["due_at"],
                        name="sms_waiting",
                    )
                ],
            },
        ),
        ProtectTenant("OutgoingSms"),
    ]
