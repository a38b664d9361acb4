"""The invoices whose proofs of the customer's country differ are found by an index of theirs alone."""

from typing import ClassVar

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies: ClassVar = [("billing", "0025_rehearsal")]

    operations: ClassVar = [
        migrations.AddIndex(
            model_name="invoice",
            index=models.Index(
                condition=Q(tax_evidence__countries_agree=False),
                fields=["-id"],
                name="invoice_countries_differ",
            ),
        ),
    ]
