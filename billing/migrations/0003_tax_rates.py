"""The VAT rates, as `billing/tax/rates.yaml` has them."""

from typing import Any

from django.db import migrations

from billing.tax.load import load_rates


def load(apps: Any, schema_editor: Any) -> None:
    load_rates(apps.get_model("billing", "TaxRate"), using=schema_editor.connection.alias)


class Migration(migrations.Migration):
    dependencies = [("billing", "0002_protect")]

    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
