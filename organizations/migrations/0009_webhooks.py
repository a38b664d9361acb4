"""Endpoints of webhooks, and the messages that go there."""

import uuid
from typing import ClassVar

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

import manager.kit.fields
from manager.kit.rowsecurity import ProtectTenant


class Migration(migrations.Migration):
    dependencies: ClassVar = [("organizations", "0008_vat_numbers")]

    operations: ClassVar = [
        migrations.CreateModel(
            name="WebhookEndpoint",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("url", models.CharField(max_length=500)),
                (
                    "description",
                    models.CharField(
                        blank=True, max_length=120, validators=[manager.kit.fields.refuse_control_characters]
                    ),
                ),
                (
                    "events",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=60), size=None
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[("enabled", "Enabled"), ("disabled", "Disabled")],
                        default="enabled",
                        max_length=10,
                    ),
                ),
                (
                    "disabled_by",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("person", "Switched off by a member"),
                            ("failures", "Nothing was taken for three days"),
                            ("gone", "It answered that it is gone (410)"),
                        ],
                        max_length=10,
                    ),
                ),
                ("disabled_at", models.DateTimeField(null=True)),
                ("secret", models.BinaryField(default=bytes)),
                ("former_secret", models.BinaryField(default=bytes)),
                ("former_until", models.DateTimeField(null=True)),
                ("failing_since", models.DateTimeField(null=True)),
                ("failures", models.PositiveIntegerField(default=0)),
                ("delivered_at", models.DateTimeField(null=True)),
                ("free_at", models.DateTimeField()),
                ("created_at", models.DateTimeField()),
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
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="WebhookMessage",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("event", models.CharField(max_length=60)),
                ("event_id", models.UUIDField(null=True)),
                ("body", models.TextField()),
                (
                    "status",
                    models.CharField(
                        choices=[("waiting", "Waiting"), ("delivered", "Delivered"), ("failed", "Given up")],
                        default="waiting",
                        max_length=10,
                    ),
                ),
                ("created_at", models.DateTimeField()),
                ("begun_at", models.DateTimeField()),
                ("due_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                ("tries", models.PositiveIntegerField(default=0)),
                ("fence", models.PositiveIntegerField(default=0)),
                ("answered", models.PositiveIntegerField(null=True)),
                ("log", models.JSONField(default=list)),
                (
                    "endpoint",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="messages",
                        to="organizations.webhookendpoint",
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
                "indexes": [
                    models.Index(
                        condition=models.Q(("status", "waiting")),
                        fields=["endpoint", "due_at"],
                        name="webhook_waiting",
                    ),
                    models.Index(
                        models.F("endpoint"),
                        models.OrderBy(models.F("id"), descending=True),
                        name="webhook_newest_first",
                    ),
                    models.Index(fields=["created_at"], name="webhook_age"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("endpoint", "event_id"), name="webhook_message_once")
                ],
            },
        ),
        ProtectTenant("WebhookEndpoint"),
        ProtectTenant("WebhookMessage"),
    ]
