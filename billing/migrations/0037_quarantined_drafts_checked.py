"""What was there before the wider condition is read through, while everybody goes on reading and writing."""

from typing import ClassVar

from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):
    dependencies: ClassVar = [("billing", "0036_quarantined_drafts")]

    operations: ClassVar = [ValidateConstraint("quarantinedrow", "quarantined_row_kind_known")]
