"""Runs of the engine and what waits in quarantine: the operator's data, read on its own connection."""

from typing import ClassVar

from django.db import migrations, models
from django.db.models import Q

from manager.kit.rowsecurity import ProtectTenant

KEY = {"auto_created": True, "primary_key": True, "serialize": False, "verbose_name": "ID"}


class Migration(migrations.Migration):
    dependencies: ClassVar = [("billing", "0021_settlements")]

    operations: ClassVar = [
        migrations.CreateModel(
            name="QuarantinedRow",
            fields=[
                ("id", models.BigAutoField(**KEY)),
                (
                    "kind",
                    models.CharField(
                        choices=[("plan", "Planning a product"), ("charge", "Charging an invoice")],
                        max_length=20,
                    ),
                ),
                ("subject_id", models.BigIntegerField()),
                ("organization_id", models.BigIntegerField(null=True)),
                ("failures", models.PositiveIntegerField(default=1)),
                ("first_failed_at", models.DateTimeField()),
                ("last_failed_at", models.DateTimeField()),
                ("last_error", models.TextField(blank=True)),
                ("quarantined_at", models.DateTimeField(null=True)),
                ("released_at", models.DateTimeField(null=True)),
                ("released_by", models.CharField(blank=True, max_length=200)),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=Q(quarantined_at__isnull=False, released_at=None),
                        fields=["kind", "subject_id"],
                        name="quarantined_row_waiting",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(kind__in=["plan", "charge"]), name="quarantined_row_kind_known"
                    ),
                    models.UniqueConstraint(fields=("kind", "subject_id"), name="quarantined_row_once"),
                ],
            },
        ),
        ProtectTenant("QuarantinedRow"),
        migrations.CreateModel(
            name="Run",
            fields=[
                ("id", models.BigAutoField(**KEY)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("planning", "Planning"),
                            ("charging", "Charging"),
                            ("reminders", "Reminders"),
                            ("rehearsal", "Rehearsal"),
                        ],
                        max_length=20,
                    ),
                ),
                ("started_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                ("duration_ms", models.PositiveBigIntegerField(default=0)),
                ("total", models.PositiveIntegerField(null=True)),
                ("planned", models.PositiveIntegerField(default=0)),
                ("charged", models.PositiveIntegerField(default=0)),
                ("sent", models.PositiveIntegerField(default=0)),
                ("checked", models.PositiveIntegerField(default=0)),
                ("failed", models.PositiveIntegerField(default=0)),
                ("skipped", models.PositiveIntegerField(default=0)),
                ("money", models.JSONField(default=dict)),
                ("reasons", models.JSONField(default=dict)),
                ("error", models.TextField(blank=True)),
            ],
            options={
                "permissions": [
                    ("follow_runs", "Follow the runs of the renewals and look after the quarantine")
                ],
                "indexes": [
                    models.Index(fields=["kind", "-id"], name="run_of_kind"),
                    models.Index(fields=["started_at"], name="run_started"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(kind__in=["planning", "charging", "reminders", "rehearsal"]),
                        name="run_kind_known",
                    )
                ],
            },
        ),
    ]
