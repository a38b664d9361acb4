"""Logo and checked VAT numbers."""

from typing import ClassVar

from django.db import migrations


class Migration(migrations.Migration):
    dependencies: ClassVar = [("organizations", "0004_members")]

    operations: ClassVar = []
