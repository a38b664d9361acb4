"""The queue of charges."""

from typing import ClassVar

from django.db import migrations


class Migration(migrations.Migration):
    dependencies: ClassVar = [("billing", "0023_engine")]

    operations: ClassVar = []
