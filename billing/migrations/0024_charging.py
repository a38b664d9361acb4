"""The queue of charges: who charges at this moment, what pays first, until when everybody was reminded."""

from typing import ClassVar

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies: ClassVar = [("billing", "0023_engine")]

    operations: ClassVar = [
        migrations.AddField(model_name="renewal", name="lease_until", field=models.DateTimeField(null=True)),
        migrations.AddField(
            model_name="prepaidsettings",
            name="pays_renewals",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.CreateModel(
            name="ReminderRound",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("reminded_at", models.DateTimeField()),
            ],
            options={
                "constraints": [models.CheckConstraint(condition=Q(pk=1), name="reminder_round_one")],
            },
        ),
    ]
