"""Planning of renewals in sets."""

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("billing", "0022_runs")]

    operations: ClassVar = [
        migrations.AddIndex(
            model_name="invoice",
            index=models.Index(
                condition=models.Q(("origin", "selection"), ("status", "draft")),
                fields=["organization"],
                name="invoice_selection_waiting",
            ),
        ),
    ]
