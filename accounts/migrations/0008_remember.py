"""Devices that are not asked for the second factor for a while."""

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("accounts", "0007_profile")]

    operations: ClassVar = [
        migrations.AddField("device", "remembered_until", models.DateTimeField(null=True)),
    ]
