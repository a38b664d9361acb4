"""Products that wait for the charge of a planned renewal are passed over by an index."""

from typing import ClassVar

from django.db import migrations


class Migration(migrations.Migration):
    dependencies: ClassVar = [("products", "0011_setup")]

    operations: ClassVar = []
