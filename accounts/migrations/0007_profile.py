"""Pictures of people, mails that a person does without, closed accounts."""

from typing import ClassVar

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("accounts", "0006_tokens")]

    operations: ClassVar = [
        migrations.AddField(
            "user", "avatar_digest", models.CharField(blank=True, db_default="", default="", max_length=64)
        ),
        migrations.AddField(
            "user",
            "muted_mails",
            django.contrib.postgres.fields.ArrayField(
                models.CharField(max_length=40), blank=True, db_default=[], default=list
            ),
        ),
        migrations.AddField("user", "closed_at", models.DateTimeField(null=True)),
        migrations.CreateModel(
            name="Avatar",
            fields=[
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="avatar",
                        serialize=False,
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("data", models.BinaryField()),
                ("mime_type", models.CharField(max_length=20)),
                ("digest", models.CharField(db_index=True, max_length=64)),
                ("created_at", models.DateTimeField()),
            ],
        ),
    ]
