"""What the rehearsal of the coming days found."""

from typing import ClassVar

from django.db import migrations


class Migration(migrations.Migration):
    dependencies: ClassVar = [("billing", "0024_charging")]

    operations: ClassVar = []
