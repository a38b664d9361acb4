"""Tasks are listed by when they were last asked for."""

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    """The index of the list; tasks are few, as they are kept for thirty days."""

    dependencies: ClassVar = [("organizations", "0010_tasks")]

    operations: ClassVar = [
        migrations.RemoveIndex("task", "task_newest_first"),
        migrations.AddIndex(
            "task", models.Index(fields=["organization", "started_at", "id"], name="task_newest_first")
        ),
    ]
