"""What was there before the wider conditions is read through, while everybody goes on reading and writing."""

from typing import ClassVar

from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):
    dependencies: ClassVar = [("billing", "0033_more_reasons")]

    operations: ClassVar = [
        ValidateConstraint("finding", "finding_reason_known"),
        ValidateConstraint("quarantinedrow", "quarantined_row_kind_known"),
    ]
