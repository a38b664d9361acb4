"""Means that were refused for good, and organizations that cannot be reminded (BIL-11, BIL-12).

The wider conditions hold from here on; what is there already is read by the next migration, which locks nobody out.
"""

from typing import ClassVar

from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models
from django.db.models import Q

REASONS = [
    ("no_means", "No means of payment"),
    ("card_expired", "Card has expired"),
    ("card_ends", "Card ends before the charge"),
    ("wrong_currency", "Means does not take the currency"),
    ("disputed", "A payment by this means was taken back"),
    ("refused", "Refused for good by its bank"),
    ("balance_low", "Balance too low"),
    ("too_late", "Expires soon and does not renew by itself"),
    ("address", "Billing address not complete"),
    ("no_contact", "Nobody gets the billing messages"),
    ("no_vat", "VAT not known for the address"),
    ("no_price", "No price for the next period"),
    ("left_out", "In quarantine"),
]
KINDS = [
    ("plan", "Planning a product"),
    ("charge", "Charging an invoice"),
    ("remind", "Reminding an organization"),
]


class Migration(migrations.Migration):
    dependencies: ClassVar = [("billing", "0032_noted_refusals")]

    operations: ClassVar = [
        migrations.AlterField("finding", "reason", models.CharField(choices=REASONS, max_length=20)),
        migrations.RemoveConstraint("finding", "finding_reason_known"),
        AddConstraintNotValid(
            "finding",
            models.CheckConstraint(
                condition=Q(reason__in=[reason for reason, _label in REASONS]), name="finding_reason_known"
            ),
        ),
        migrations.AlterField("quarantinedrow", "kind", models.CharField(choices=KINDS, max_length=20)),
        migrations.RemoveConstraint("quarantinedrow", "quarantined_row_kind_known"),
        AddConstraintNotValid(
            "quarantinedrow",
            models.CheckConstraint(
                condition=Q(kind__in=[kind for kind, _label in KINDS]), name="quarantined_row_kind_known"
            ),
        ),
    ]
