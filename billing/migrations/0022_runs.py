"""Runs of the engine and what waits in quarantine."""

from typing import ClassVar

from django.db import migrations


class Migration(migrations.Migration):
    dependencies: ClassVar = [("billing", "0021_settlements")]

    operations: ClassVar = []
