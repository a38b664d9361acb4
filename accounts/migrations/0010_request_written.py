"""Whether a request of the API that was cut off had changed something."""

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("accounts", "0009_requests")]

    operations: ClassVar = [
        migrations.AddField(
            "sentrequest", "has_written", models.BooleanField(default=False, db_default=False)
        ),
    ]
