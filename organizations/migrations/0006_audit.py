"""The audit log as a chain; support access."""

from typing import ClassVar

from django.db import migrations


class Migration(migrations.Migration):
    dependencies: ClassVar = [("organizations", "0005_sheet")]

    operations: ClassVar = []
