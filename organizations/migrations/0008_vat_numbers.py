"""Several VAT numbers of an organization can be asked at once: those of its billing addresses as well."""

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("organizations", "0007_support")]

    operations: ClassVar = [
        migrations.AddConstraint(
            model_name="vatcheck",
            constraint=models.UniqueConstraint(
                condition=models.Q(("due_at__isnull", False)),
                fields=("organization", "number"),
                name="vat_check_open_once",
            ),
        ),
        migrations.RemoveConstraint(model_name="vatcheck", name="vat_check_one_open"),
    ]
