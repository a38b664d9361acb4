"""Support access that an organization gives for a while."""

from typing import ClassVar

import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

from manager.kit.rowsecurity import ProtectTenant


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("organizations", "0006_audit"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations: ClassVar = [
        migrations.CreateModel(
            name="SupportGrant",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("starts_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("ends_at", models.DateTimeField(blank=True, null=True)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[("mail", "Mail"), ("files", "Files"), ("chat", "Chat"), ("account", "Account")],
                        max_length=10,
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=300)),
                (
                    "ended_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "given_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
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
            options={"permissions": [("support_access", "Work in organizations that gave support access")]},
        ),
        migrations.AddIndex(
            model_name="auditevent",
            index=models.Index(
                condition=models.Q(("name", "support_access.used")),
                fields=["organization", "at"],
                name="audit_support_uses",
            ),
        ),
        migrations.AddIndex(
            model_name="supportgrant",
            index=models.Index(fields=["organization", "-id"], name="support_newest_first"),
        ),
        migrations.AddIndex(
            model_name="supportgrant",
            index=models.Index(condition=models.Q(("ended_at", None)), fields=["ends_at"], name="support_due"),
        ),
        migrations.AddConstraint(
            model_name="supportgrant",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_at", None)), fields=("organization", "kind"), name="support_once_per_kind"
            ),
        ),
        migrations.AddConstraint(
            model_name="supportgrant",
            constraint=models.CheckConstraint(condition=models.Q(("ends_at__isnull", False)), name="support_ends"),
        ),
        ProtectTenant("SupportGrant"),
    ]
