"""Planning of renewals in sets."""

from typing import ClassVar

from django.db import migrations


class Migration(migrations.Migration):
    dependencies: ClassVar = [("billing", "0022_runs")]

    operations: ClassVar = []
