"""What the charge of a renewal looks up."""

from typing import ClassVar

from django.db import migrations


class Migration(migrations.Migration):
    dependencies: ClassVar = [("billing", "0026_proofs")]

    operations: ClassVar = []
