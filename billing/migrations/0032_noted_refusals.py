"""Which refusals the renewals have counted: told twice, one counts once (BIL-11)."""

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("billing", "0031_days")]

    operations: ClassVar = [
        migrations.AddField(
            "paymentattempt",
            "noted_as",
            models.CharField(blank=True, db_default="", default="", max_length=16),
        ),
    ]
