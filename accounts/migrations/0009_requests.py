"""Requests of the API that may be sent again, and their answers; how much each token is used."""

from typing import ClassVar

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

ID = {"auto_created": True, "primary_key": True, "serialize": False, "verbose_name": "ID"}


class Migration(migrations.Migration):
    dependencies: ClassVar = [("accounts", "0008_remember")]

    operations: ClassVar = [
        migrations.CreateModel(
            name="SentRequest",
            fields=[
                ("id", models.BigAutoField(**ID)),
                ("bound_organization_id", models.BigIntegerField()),
                ("key", models.CharField(max_length=255)),
                ("digest", models.CharField(max_length=64)),
                ("fence", models.IntegerField(default=1)),
                ("created_at", models.DateTimeField(db_index=True)),
                ("lease_until", models.DateTimeField()),
                ("status", models.SmallIntegerField(null=True)),
                ("answer", models.BinaryField(null=True)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="sent_requests",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("user", "bound_organization_id", "key"), name="sent_request_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("answer", None), ("status", None)),
                            models.Q(("answer__isnull", False), ("status__isnull", False)),
                            _connector="OR",
                        ),
                        name="sent_request_answered",
                    ),
                ]
            },
        ),
        migrations.CreateModel(
            name="TokenMinute",
            fields=[
                ("id", models.BigAutoField(**ID)),
                ("minute", models.DateTimeField()),
                ("requests", models.IntegerField()),
                ("refused", models.IntegerField()),
                (
                    "token",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="minutes",
                        to="accounts.apitoken",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["minute"], name="token_minute_age")],
                "constraints": [models.UniqueConstraint(fields=("token", "minute"), name="token_minute_once")],
            },
        ),
        migrations.CreateModel(
            name="TokenDay",
            fields=[
                ("id", models.BigAutoField(**ID)),
                ("day", models.DateField()),
                ("requests", models.IntegerField()),
                ("refused", models.IntegerField()),
                (
                    "token",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="days",
                        to="accounts.apitoken",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["day"], name="token_day_age")],
                "constraints": [models.UniqueConstraint(fields=("token", "day"), name="token_day_once")],
            },
        ),
    ]
