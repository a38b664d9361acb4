"""Row-level security for every tenant's table of billing, and the guards that only the database can hold.

The SQL stands in `sql/`, one file for each guard.
"""

from pathlib import Path

from django.db import migrations

from manager.kit.rowsecurity import ProtectTenant

SQL = Path(__file__).parent / "sql"

TENANT_MODELS = [
    "BillingAddress",
    "Account",
    "Journal",
    "Entry",
    "PaymentMethod",
    "MethodSetup",
    "ProviderCustomer",
    "Invoice",
    "InvoiceLine",
    "CreditNote",
    "Document",
    "PaymentAttempt",
    "PaymentLink",
    "CartLine",
    "Order",
    "OrderLine",
    "RenewalPreference",
    "Renewal",
    "Reminder",
]


def read(name: str) -> str:
    return (SQL / name).read_text(encoding="utf-8")


class Migration(migrations.Migration):
    dependencies = [("billing", "0001_initial")]

    operations = [
        *(ProtectTenant(model) for model in TENANT_MODELS),
        migrations.RunSQL(read("ledger.sql"), read("ledger_down.sql")),
        migrations.RunSQL(read("invoices.sql"), read("invoices_down.sql")),
        migrations.RunSQL(read("reference_data.sql"), read("reference_data_down.sql")),
    ]
