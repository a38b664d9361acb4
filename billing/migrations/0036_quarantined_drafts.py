"""Renewals that cannot be taken back (BIL-11).

The wider condition holds from here on; what is there already is read by the next migration, which locks nobody out.
"""

from typing import ClassVar

from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models
from django.db.models import Q

KINDS = [
    ("plan", "Planning a product"),
    ("charge", "Charging an invoice"),
    ("remind", "Reminding an organization"),
    ("take_back", "Taking a renewal back"),
]


class Migration(migrations.Migration):
    dependencies: ClassVar = [("billing", "0035_line_tax_code")]

    operations: ClassVar = [
        migrations.AlterField("quarantinedrow", "kind", models.CharField(choices=KINDS, max_length=20)),
        migrations.RemoveConstraint("quarantinedrow", "quarantined_row_kind_known"),
        AddConstraintNotValid(
            "quarantinedrow",
            models.CheckConstraint(
                condition=Q(kind__in=[kind for kind, _label in KINDS]), name="quarantined_row_kind_known"
            ),
        ),
    ]
