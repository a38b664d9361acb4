"""The inbox takes text messages, too."""

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("demo", "0001_initial")]

    operations: ClassVar = [
        migrations.AddField(
            model_name="inboxmessage",
            name="is_sms",
            field=models.BooleanField(default=False, db_default=False),
        ),
    ]
