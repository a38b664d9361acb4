"""Teams, their grants, grants with an end, requests for access."""

from typing import ClassVar

from django.db import migrations


class Migration(migrations.Migration):
    dependencies: ClassVar = [("organizations", "0002_protect")]

    operations: ClassVar = []
