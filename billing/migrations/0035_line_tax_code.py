"""A line that sets off what was paid before keeps the rule of its VAT (BIL-6).

A column with a constant default rewrites nothing; what is there has the rule of its invoice.
"""

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    """One column more, in no time."""

    dependencies: ClassVar = [("billing", "0034_more_reasons_checked")]

    operations: ClassVar = [
        migrations.AddField(
            "invoiceline", "tax_code", models.CharField(blank=True, db_default="", default="", max_length=20)
        ),
    ]
